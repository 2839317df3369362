using System.Text.RegularExpressions;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Screening;

/// <summary>The rules of screening are data: operators read, add, replace and end them, each dated and with its source.</summary>
public static partial class EditScreeningRules
{
    const int WordsMax = 200;
    const int WordMax = 40;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/achievements/screening-rules", ListAsync).ForRoles(Roles.Bureau, Roles.Operator).Produces<ScreeningRuleList>()
            .WithSummary("The rules of screening in force");
        routes.MapPost("/api/achievements/screening-rules", EnterAsync).ForRoles(Roles.Operator).Produces<ScreeningRule>(201).ProducesProblem(400)
            .WithSummary("Enter a rule of screening, or replace the one of the same id");
    }

    static async Task<IResult> ListAsync(ScreeningRules rules, TimeProvider clock, CancellationToken ct) =>
        Answer.Ok(new ScreeningRuleList(await rules.InForceAsync(ShanghaiTime.DateOf(clock.GetUtcNow()), ct)));

    static async Task<IResult> EnterAsync(ScreeningRuleRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var rule = new ScreeningRule(
            shape.Pattern("id", request.Id, Id(), "须由小写字母、数字、点和连字符组成。", "Lower-case letters, digits, dots and hyphens."),
            shape.Texts("words", request.Words, WordsMax, WordMax, 1),
            shape.Text("note", request.Note, 300),
            shape.Text("source", request.Source, 300),
            shape.Value("validFrom", request.ValidFrom),
            request.ValidTo);
        shape.Require(rule.ValidTo is null || rule.ValidTo >= rule.ValidFrom, "validTo", "不得早于生效日。", "Must not lie before validFrom.");
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        await transaction.ExecuteAsync("""
            insert into screening_rule (id, words, note, source, valid_from, valid_to, entered_by, entered_at)
            values (@Id, @Words, @Note, @Source, @ValidFrom, @ValidTo, @person, @now)
            on conflict on constraint screening_rule_is_unique do update set words = excluded.words, note = excluded.note, source = excluded.source,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to, entered_by = excluded.entered_by, entered_at = excluded.entered_at
            """,
            new { rule.Id, rule.Words, rule.Note, rule.Source, rule.ValidFrom, rule.ValidTo, person = caller.PersonId, now = transaction.Now }, ct);
        transaction.Audit(caller, "screening_rule.entered", rule.Id, rule);
        return await transaction.CommitAsync(Answer.Created("/api/achievements/screening-rules", rule), ct);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,59}$")]
    private static partial Regex Id();
}

/// <summary>Rules of screening.</summary>
/// <param name="Items">Those in force today.</param>
public sealed record ScreeningRuleList(IReadOnlyList<ScreeningRule> Items);

/// <summary>Enters a rule of screening.</summary>
/// <param name="Id">Its name; one that is there is replaced.</param>
/// <param name="Words">1–200 words of at most 40 characters.</param>
/// <param name="Note">What a hit may mean.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="ValidFrom">The first day.</param>
/// <param name="ValidTo">The last day, if it is to end.</param>
public sealed record ScreeningRuleRequest(
    string? Id, IReadOnlyList<string?>? Words, string? Note, string? Source, DateOnly? ValidFrom, DateOnly? ValidTo);

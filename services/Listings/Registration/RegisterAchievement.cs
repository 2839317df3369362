using System.Collections.Frozen;
using System.Globalization;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>The bureau registers an achievement and gives it its number (R1.3–R1.6), returns it for completion, or refuses it.</summary>
public static class RegisterAchievement
{
    const int SerialMax = 9_999;
    static readonly FrozenSet<string> Decisions = new[] { "registered", "returned", "refused" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>409: all numbers of the year are given out.</summary>
    public static readonly Refusal NumbersExhausted = new("registration-numbers-exhausted", "本年度该类登记号已用完。",
        "All registration numbers of this year are used up.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/registration", HandleAsync).ForRoles(Roles.Bureau).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Register, return or refuse an achievement");

    static async Task<IResult> HandleAsync(Guid id, RegistrationRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var decision = shape.OneOf("decision", request.Decision, Decisions);
        var reason = shape.OptionalText("reason", request.Reason, 1_000);
        shape.Require(decision is "registered" or "" || reason is not null, "reason", "退回或不予登记须说明理由。", "Returning or refusing needs a reason.");
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsBefore(caller)) return Answer.NotFound;
        if (achievement.Status != "screened") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        if (decision == "registered")
        {
            var content = achievement.Content;
            if (content.Rights.Disputed || achievement.Dispute is not null) return Answer.Refused(AchievementRules.Disputed);
            if (!AchievementRules.HasEvidence(content.Category, content.Evidence.Select(evidence => evidence.Kind)))
                return Answer.Refused(AchievementRules.EvidenceMissing, new { content.Category });
            if (await NextNumberAsync(transaction, content, ct) is not { } number) return Answer.Refused(NumbersExhausted);
            achievement.RegistrationNo = number;
            achievement.RegisteredAt = transaction.Now;
        }

        achievement.Status = decision == "returned" ? "draft" : decision;
        achievement.StatusReason = reason;
        await achievement.SaveAsync(transaction, caller, ct);
        if (decision == "refused") await NumberClaims.ReleaseAsync(transaction, id, ct);
        transaction.Audit(caller, $"achievement.{decision}", id, new { achievement.RegistrationNo, reason });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }

    /// <summary>The row of the serial is locked by the statement, so that two registrations never get one number; null when none is left.</summary>
    static async Task<string?> NextNumberAsync(Transaction transaction, AchievementContent content, CancellationToken ct)
    {
        var (prefix, letter) = AchievementRules.NumberParts(content.RegionCode!, content.Category!);
        var year = ShanghaiTime.DateOf(transaction.Now).Year;
        var serial = await transaction.SingleOrDefaultAsync<int?>("""
            insert into registration_serial (prefix, year, letter, last) values (@prefix, @year, @letter, 1)
            on conflict on constraint registration_serial_is_unique do update set last = registration_serial.last + 1
            where registration_serial.last < @SerialMax
            returning last
            """, new { prefix, year, letter, SerialMax }, ct);
        return serial is null ? null : string.Create(CultureInfo.InvariantCulture, $"{prefix}{year}{letter}{serial:0000}");
    }
}

/// <summary>Decides about registration.</summary>
/// <param name="Decision">registered, returned (for completion) or refused.</param>
/// <param name="Reason">Needed unless it is registered.</param>
public sealed record RegistrationRequest(string? Decision, string? Reason);

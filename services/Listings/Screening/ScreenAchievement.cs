using System.Collections.Frozen;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Screening;

/// <summary>A named person of the bureau signs whether a record may be public (R1.7, domain brief §1.9). Nothing is found without it.</summary>
public static class ScreenAchievement
{
    static readonly FrozenSet<string> Conclusions = new[] { "public", "restricted", "offline_only" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/screening", HandleAsync).ForRoles(Roles.Bureau).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Sign the screening decision");

    static async Task<IResult> HandleAsync(Guid id, ScreeningRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var conclusion = shape.OneOf("conclusion", request.Conclusion, Conclusions);
        var note = shape.OptionalText("note", request.Note, 1_000);
        shape.Require(conclusion is "public" or "" || note is not null, "note", "不予公开须说明理由。", "Withholding needs a reason.");
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsBefore(caller)) return Answer.NotFound;
        if (achievement.Status != "submitted") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        achievement.ScreeningId = await SignAsync(transaction, caller, conclusion, note, achievement.WarningsJson, ct);
        achievement.Status = conclusion == "public" ? "screened" : conclusion;
        achievement.StatusReason = note;
        await achievement.SaveAsync(transaction, caller, ct);
        transaction.Audit(caller, "achievement.screened", id, new { conclusion, note });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }

    /// <summary>Keeps who decided what, and when.</summary>
    internal static async Task<Guid> SignAsync(
        Transaction transaction, Caller caller, string conclusion, string? note, string warningsJson, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        await transaction.ExecuteAsync("""
            insert into screening (id, conclusion, note, warnings, signed_by, signed_for, signed_at)
            values (@id, @conclusion, @note, @warningsJson::jsonb, @PersonId, @OrganisationId, @Now)
            """, new { id, conclusion, note, warningsJson, caller.PersonId, caller.OrganisationId, transaction.Now }, ct);
        return id;
    }
}

/// <summary>Signs a screening decision.</summary>
/// <param name="Conclusion">public, restricted or offline_only.</param>
/// <param name="Note">Needed unless it is public.</param>
public sealed record ScreeningRequest(string? Conclusion, string? Note);

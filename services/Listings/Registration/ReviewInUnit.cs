using System.Collections.Frozen;
using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>The unit's own reviewer lets a record leave the house, or returns it to its author.</summary>
public static class ReviewInUnit
{
    static readonly FrozenSet<string> Decisions = new[] { "passed", "returned" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/review", HandleAsync).ForRoles(Roles.Reviewer).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Pass or return a record of one's own unit");

    /// <summary>Keeps which organisations have a reviewer.</summary>
    public static Task OrganisationChangedAsync(OrganisationChanged e, Transaction transaction, IServiceProvider services, CancellationToken ct) =>
        transaction.ExecuteAsync("""
            insert into unit (organisation_id, version, has_reviewer) values (@OrganisationId, @Version, coalesce(@HasReviewer, false))
            on conflict on constraint unit_is_unique do update set version = excluded.version, has_reviewer = excluded.has_reviewer
            where unit.version < excluded.version
            """, e, ct);

    static async Task<IResult> HandleAsync(Guid id, ReviewRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var decision = shape.OneOf("decision", request.Decision, Decisions);
        var reason = shape.OptionalText("reason", request.Reason, 1_000);
        shape.Require(decision is "passed" or "" || reason is not null, "reason", "退回须说明理由。", "Returning needs a reason.");
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsOf(caller)) return Answer.NotFound;
        if (achievement.Status != "in_unit_review") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        achievement.Status = decision == "passed" ? "submitted" : "draft";
        achievement.StatusReason = reason;
        await achievement.SaveAsync(transaction, caller, ct);
        transaction.Audit(caller, $"achievement.review_{decision}", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

/// <summary>Decides in the unit.</summary>
/// <param name="Decision">passed or returned.</param>
/// <param name="Reason">Needed when it is returned.</param>
public sealed record ReviewRequest(string? Decision, string? Reason);

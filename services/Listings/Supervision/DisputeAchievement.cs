using TechMarket.Listings.Publication;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Supervision;

/// <summary>The bureau notes that the ownership of a record is disputed, and that the dispute has ended. While it runs nothing is registered,
/// published or auctioned (R1.6); what is published says so.</summary>
public static class DisputeAchievement
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/achievements/{id:guid}/dispute", BeginAsync).ForRoles(Roles.Bureau).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Note a dispute over ownership");
        routes.MapPost("/api/achievements/{id:guid}/dispute-settlement", SettleAsync).ForRoles(Roles.Bureau).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Note that the dispute has ended");
    }

    static Task<IResult> BeginAsync(Guid id, SupervisionRequest request, Caller caller, Database database, IndexFeed feed, CancellationToken ct) =>
        SetAsync(id, request, isBeginning: true, caller, database, feed, ct);

    static Task<IResult> SettleAsync(Guid id, SupervisionRequest request, Caller caller, Database database, IndexFeed feed, CancellationToken ct) =>
        SetAsync(id, request, isBeginning: false, caller, database, feed, ct);

    static async Task<IResult> SetAsync(
        Guid id, SupervisionRequest request, bool isBeginning, Caller caller, Database database, IndexFeed feed, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsBefore(caller)) return Answer.NotFound;
        if (achievement.Status is "withdrawn" or "refused" or "cancelled" || achievement.Dispute is null != isBeginning)
            return Answer.Refused(Refusals.WrongState, new { achievement.Status, achievement.Dispute });
        achievement.Dispute = isBeginning ? reason : null;
        if (achievement.Status == "published") achievement.Offer(transaction, feed);
        await achievement.SaveAsync(transaction, caller, ct);
        transaction.Audit(caller, isBeginning ? "achievement.disputed" : "achievement.dispute_settled", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

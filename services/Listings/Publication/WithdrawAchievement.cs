using TechMarket.Listings.Registration;
using TechMarket.Listings.Supervision;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Publication;

/// <summary>The holder, or the bureau of its region, takes an achievement back from the market. It leaves every index and copy.</summary>
public static class WithdrawAchievement
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/withdrawal", HandleAsync).ForRoles(Roles.Provider, Roles.Bureau).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Withdraw an achievement");

    static async Task<IResult> HandleAsync(Guid id, WithdrawalRequest request, Caller caller, Database database, IndexFeed feed, CancellationToken ct)
    {
        var shape = new Shape();
        var reason = shape.Text("reason", request.Reason, 1_000);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !(achievement.IsOf(caller) || achievement.IsBefore(caller)))
            return Answer.NotFound;
        if (achievement.Status is "withdrawn" or "refused" or "cancelled") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        if (achievement.Status == "published") achievement.Recall(transaction, feed, reason);
        achievement.Status = "withdrawn";
        achievement.StatusReason = reason;
        await achievement.SaveAsync(transaction, caller, ct);
        await NumberClaims.ReleaseAsync(transaction, id, ct);
        await SuspendListing.EndAsync(transaction, id, "withdrawn", ct);
        transaction.Audit(caller, "achievement.withdrawn", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

/// <summary>Withdraws an achievement.</summary>
/// <param name="Reason">Why, for those who copied it.</param>
public sealed record WithdrawalRequest(string? Reason);

using TechMarket.Listings.Registration;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Publication;

/// <summary>The holder offers a registered achievement to the market. Where a price is asked, its name and price have been public for the legal
/// time before (PTSTA art. 18, R2.3).</summary>
public static class PublishAchievement
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/publication", HandleAsync).ForRoles(Roles.Provider).Produces<AchievementAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Publish a registered achievement");

    static async Task<IResult> HandleAsync(
        Guid id, StepRequest? request, Caller caller, Database database, Parameters parameters, IndexFeed feed, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsOf(caller)) return Answer.NotFound;
        if (achievement.Status != "registered") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        if (achievement.Dispute is not null) return Answer.Refused(AchievementRules.Disputed);
        if (achievement.Content.AskingPriceCny is not null)
        {
            var registeredOn = ShanghaiTime.DateOf(achievement.RegisteredAt!.Value);
            var days = await parameters.IntegerAsync("publicity.minDays", ShanghaiTime.DateOf(transaction.Now), ct);
            var end = WorkingDays.AfterDays(registeredOn, days);
            if (days > 0 && ShanghaiTime.DateOf(transaction.Now) <= end.LastDay)
                return Answer.Refused(AchievementRules.PublicityRunning, new { until = end.LastDay, end.Provisional });
        }

        achievement.Status = "published";
        achievement.PublishedAt = transaction.Now;
        achievement.Offer(transaction, feed);
        await achievement.SaveAsync(transaction, caller, ct);
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

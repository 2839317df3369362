using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>The holder hands a draft in to the bureau of its region (R1.2).</summary>
public static class SubmitAchievement
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/submission", HandleAsync).ForRoles(Roles.Provider).Produces<AchievementAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Submit a draft");

    static async Task<IResult> HandleAsync(Guid id, StepRequest? request, Caller caller, Database database, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsOf(caller)) return Answer.NotFound;
        if (achievement.Status != "draft") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        achievement.Status = "submitted";
        achievement.StatusReason = null;
        await achievement.SaveAsync(transaction, ct);
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

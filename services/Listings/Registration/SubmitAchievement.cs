using System.Text.Json;
using TechMarket.Listings.Screening;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>The holder hands a draft in: to its own reviewer where it has one, else to the bureau of its region (R1.2). What a screener should look
/// at is noted on the record.</summary>
public static class SubmitAchievement
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/submission", HandleAsync).ForRoles(Roles.Provider).Produces<AchievementAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Submit a draft");

    static async Task<IResult> HandleAsync(
        Guid id, StepRequest? request, Caller caller, Database database, Parameters parameters, ScreeningRules rules, Likeness likeness, CancellationToken ct)
    {
        _ = request;
        var alike = await likeness.FindAsync(id, database, ct);
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsOf(caller)) return Answer.NotFound;
        if (achievement.Status != "draft") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        var content = achievement.Content;
        var today = ShanghaiTime.DateOf(transaction.Now);
        if (content.Declaration is null && await parameters.FlagAsync("listing.declarationRequired", today, ct))
            return Answer.Refused(AchievementRules.DeclarationMissing);
        if (await NumberClaims.ClaimAsync(transaction, id, content, ct) is { } taken) return taken;
        ScreeningWarning[] warnings = [.. await rules.WarningsAsync(content, today, ct), .. alike];
        achievement.WarningsJson = JsonSerializer.Serialize(warnings, Json.Options);
        var hasReviewer = await transaction.SingleOrDefaultAsync<bool>(
            "select has_reviewer from unit where organisation_id = @OrganisationId", achievement, ct);
        achievement.Status = hasReviewer ? "in_unit_review" : "submitted";
        achievement.StatusReason = null;
        await achievement.SaveAsync(transaction, caller, ct);
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

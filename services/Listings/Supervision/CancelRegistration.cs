using System.Collections.Frozen;
using TechMarket.Listings.Publication;
using TechMarket.Listings.Registration;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Supervision;

/// <summary>The bureau cancels a registration obtained by fraud, plagiarism or infringement (注销, R1.6). The number is never given again.</summary>
public static class CancelRegistration
{
    static readonly FrozenSet<string> Grounds = new[] { "fraud", "plagiarism", "infringement" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/{id:guid}/cancellation", HandleAsync).ForRoles(Roles.Bureau).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Cancel a registration");

    static async Task<IResult> HandleAsync(Guid id, CancellationRequest request, Caller caller, Database database, IndexFeed feed, CancellationToken ct)
    {
        var shape = new Shape();
        var ground = shape.OneOf("ground", request.Ground, Grounds);
        var reason = shape.Text("reason", request.Reason, 2_000);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsBefore(caller)) return Answer.NotFound;
        if (achievement.Status is not ("registered" or "published" or "suspended"))
            return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        if (achievement.Status == "published") achievement.Recall(transaction, feed, reason);
        achievement.Status = "cancelled";
        achievement.StatusReason = $"{ground}: {reason}";
        await achievement.SaveAsync(transaction, caller, ct);
        await NumberClaims.ReleaseAsync(transaction, id, ct);
        await SuspendListing.EndAsync(transaction, id, "cancelled", ct);
        transaction.Audit(caller, "achievement.cancelled", id, new { ground, reason, achievement.RegistrationNo });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }
}

/// <summary>Cancels a registration.</summary>
/// <param name="Ground">fraud, plagiarism or infringement.</param>
/// <param name="Reason">What was found.</param>
public sealed record CancellationRequest(string? Ground, string? Reason);

using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>Whoever posted or imported a need takes it off the market.</summary>
public static class CloseNeed
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/needs/{id:guid}/closure", HandleAsync).ForRoles(Roles.Seeker, Roles.Bureau)
            .Produces<NeedAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
            .WithSummary("Close a need");

    static async Task<IResult> HandleAsync(Guid id, CloseNeedRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var reason = shape.OneOf("reason", request.Reason, NeedRules.CloseReasons);
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        var need = await transaction.SingleOrDefaultAsync<Need>($"select {Need.Columns} from need where id = @id for update", new { id }, ct);
        if (need is null) return Answer.NotFound;
        if (need.RecordedFor != caller.OrganisationId) return Answer.Forbidden(NeedRules.NotYourNeed);
        if (need.Status != "open") return Answer.Refused(NeedRules.AlreadyClosed);

        need = need with { Version = need.Version + 1, Status = "closed", CloseReason = reason, ClosedAt = transaction.Now };
        await transaction.ExecuteAsync("""
            update need set version = @Version, status = 'closed', close_reason = @reason, closed_at = @Now, changed_at = @Now where id = @id
            """, new { id, need.Version, reason, transaction.Now }, ct);
        transaction.Publish(id, new NeedClosed(id, need.Version, reason, transaction.Now));
        transaction.Audit(caller, "need.closed", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(need.For(caller)), ct);
    }
}

/// <summary>Closes a need.</summary>
/// <param name="Reason">met or withdrawn.</param>
public sealed record CloseNeedRequest(string? Reason);

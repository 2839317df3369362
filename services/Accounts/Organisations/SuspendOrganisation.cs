using TechMarket.Accounts.Sessions;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>An operator takes an organisation's rights away for a time, and gives them back. Its people's sessions end at once.</summary>
public static class SuspendOrganisation
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/organisations/{id:guid}/suspension", SuspendAsync).ForRoles(Roles.Operator)
            .Produces<OrganisationAnswer>().ProducesProblem(404).ProducesProblem(409).WithSummary("Suspend an organisation");
        routes.MapPost("/api/organisations/{id:guid}/reinstatement", ReinstateAsync).ForRoles(Roles.Operator)
            .Produces<OrganisationAnswer>().ProducesProblem(404).ProducesProblem(409).WithSummary("Give a suspended organisation its rights back");
    }

    static async Task<IResult> SuspendAsync(
        Guid id, ReasonRequest request, Caller caller, Database database, SessionEnding ending, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Organisation.LockAsync(transaction, id, ct) is not { } organisation) return Answer.NotFound;
        if (organisation.Status != "verified") return Answer.Refused(Refusals.WrongState, new { organisation.Status });
        organisation.Status = "suspended";
        organisation.StatusReason = reason;
        await organisation.SaveAsync(transaction, ct);
        await ending.EndOfOrganisationAsync(transaction, id, ct);
        transaction.Audit(caller, "organisation.suspended", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(organisation.Answer()), ct);
    }

    static async Task<IResult> ReinstateAsync(Guid id, ReasonRequest request, Caller caller, Database database, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Organisation.LockAsync(transaction, id, ct) is not { } organisation) return Answer.NotFound;
        if (organisation.Status != "suspended") return Answer.Refused(Refusals.WrongState, new { organisation.Status });
        organisation.Status = "verified";
        organisation.StatusReason = reason;
        await organisation.SaveAsync(transaction, ct);
        transaction.Audit(caller, "organisation.reinstated", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(organisation.Answer()), ct);
    }
}

/// <summary>Why something is decided.</summary>
/// <param name="Reason">At most 500 characters.</param>
public sealed record ReasonRequest(string? Reason)
{
    internal Answer? Check(out string reason)
    {
        var shape = new Shape();
        reason = shape.Text("reason", Reason, 500);
        return shape.Problem;
    }
}

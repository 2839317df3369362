using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>The seller hands the signed contract in to the registry of its region (R5.5), or withdraws it before it is registered.</summary>
public static class SubmitContract
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/contracts/{id:guid}/submission", SubmitAsync).ForRoles(Roles.Provider).Produces<ContractAnswer>()
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).WithSummary("Hand a contract in for registration");
        routes.MapPost("/api/contracts/{id:guid}/withdrawal", WithdrawAsync).ForRoles(Roles.Provider).Produces<ContractAnswer>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).WithSummary("Withdraw a contract before it is registered");
    }

    static async Task<IResult> SubmitAsync(Guid id, StepRequest? request, Caller caller, Database database, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await Contract.LockAsync(transaction, id, caller, ct) is not { } contract) return Answer.NotFound;
        if (caller.OrganisationId != contract.SellerId) return Answer.Forbidden(Refusals.NotAllowed);
        if (contract.RefuseUnless("submitted") is { } refusal) return refusal;
        contract.Status = "submitted";
        contract.SubmittedAt = transaction.Now;
        contract.StatusReason = null;
        return await contract.SaveAsync(transaction, ct);
    }

    static async Task<IResult> WithdrawAsync(Guid id, ContractReasonRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var reason = shape.Text("reason", request.Reason, 1_000);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Contract.LockAsync(transaction, id, caller, ct) is not { } contract) return Answer.NotFound;
        if (caller.OrganisationId != contract.SellerId) return Answer.Forbidden(Refusals.NotAllowed);
        if (contract.RefuseUnless("withdrawn") is { } refusal) return refusal;
        contract.Status = "withdrawn";
        contract.StatusReason = reason;
        transaction.Audit(caller, "contract.withdrawn", id, new { reason });
        return await contract.SaveAsync(transaction, ct);
    }
}

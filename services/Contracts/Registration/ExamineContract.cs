using System.Collections.Frozen;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>A registrar of the seller's region accepts a contract, which starts the clock, and examines it; or returns it for correction, which
/// stops the clock; or refuses it (R5.7, R5.8).</summary>
public static class ExamineContract
{
    static readonly FrozenSet<string> RefusalReasons = new[]
    {
        "unclear_party", "unclear_subject_matter", "unclear_price", "illegal_or_infringing_clause", "missing_proof", "seal_mismatch", "void_or_not_effective",
        "not_a_technology_contract", "missing_approval", "title_contradicts_content",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/contracts/{id:guid}/acceptance", AcceptAsync).ForRoles(Roles.Registrar).Produces<ContractAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Accept a contract for examination");
        routes.MapPost("/api/contracts/{id:guid}/examination", ExamineAsync).ForRoles(Roles.Registrar).Produces<ContractAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Record that a contract was examined");
        routes.MapPost("/api/contracts/{id:guid}/correction", ReturnAsync).ForRoles(Roles.Registrar).Produces<ContractAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Return a contract for correction");
        routes.MapPost("/api/contracts/{id:guid}/refusal", RefuseAsync).ForRoles(Roles.Registrar).Produces<ContractAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Refuse registration with one of the ten reasons");
    }

    static async Task<IResult> AcceptAsync(
        Guid id, StepRequest? request, Caller caller, Database database, Parameters parameters, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await FindAsync(transaction, id, caller, ct) is not { } contract) return Answer.NotFound;
        if (contract.RefuseUnless("accepted") is { } refusal) return refusal;
        var today = ShanghaiTime.DateOf(transaction.Now);
        contract.NeedsExperts = contract.TechnicalAmount >= await parameters.DecimalAsync("tcr.expertThreshold", today, ct);
        var due = ContractRules.DueOn(today, await parameters.IntegerAsync("tcr.deadlineDays", today, ct),
            await parameters.IntegerAsync(contract.NeedsExperts ? "tcr.expertDeadlineWd" : "tcr.deadlineWd", today, ct));
        contract.Status = "accepted";
        contract.AcceptedAt = transaction.Now;
        contract.AcceptedBy = caller.PersonId;
        contract.DueOn = due?.LastDay;
        contract.DueIsProvisional = due?.Provisional;
        transaction.Audit(caller, "contract.accepted", id, new { contract.DueOn });
        return await contract.SaveAsync(transaction, ct);
    }

    static async Task<IResult> ExamineAsync(Guid id, StepRequest? request, Caller caller, Database database, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await FindAsync(transaction, id, caller, ct) is not { } contract) return Answer.NotFound;
        if (contract.RefuseUnless("examined") is { } refusal) return refusal;
        contract.Status = "examined";
        contract.ExaminedAt = transaction.Now;
        contract.ExaminedBy = caller.PersonId;
        transaction.Audit(caller, "contract.examined", id);
        return await contract.SaveAsync(transaction, ct);
    }

    static async Task<IResult> ReturnAsync(Guid id, ContractReasonRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var reason = shape.Text("reason", request.Reason, 1_000);
        if (shape.Problem is { } problem) return problem;
        return await EndAsync(id, "correction_requested", reason, caller, database, ct);
    }

    static async Task<IResult> RefuseAsync(Guid id, ContractReasonRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var reason = shape.OneOf("reason", request.Reason, RefusalReasons);
        if (shape.Problem is { } problem) return problem;
        return await EndAsync(id, "refused", reason, caller, database, ct);
    }

    static async Task<IResult> EndAsync(Guid id, string status, string reason, Caller caller, Database database, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        if (await FindAsync(transaction, id, caller, ct) is not { } contract) return Answer.NotFound;
        if (contract.RefuseUnless(status) is { } refusal) return refusal;
        contract.Status = status;
        contract.StatusReason = reason;
        (contract.AcceptedAt, contract.AcceptedBy, contract.DueOn, contract.DueIsProvisional) = (null, null, null, null);
        (contract.ExaminedAt, contract.ExaminedBy) = (null, null);
        transaction.Audit(caller, $"contract.{status}", id, new { reason });
        return await contract.SaveAsync(transaction, ct);
    }

    static async Task<Contract?> FindAsync(Transaction transaction, Guid id, Caller caller, CancellationToken ct) =>
        await Contract.LockAsync(transaction, id, caller, ct) is { } contract && contract.IsBefore(caller) ? contract : null;
}

using System.Security.Cryptography;
using System.Text;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>The sides accept the contract: the seller first, which fixes its wording by hash, then the buyer.</summary>
public static class SignContract
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/contracts/{id:guid}/signature", HandleAsync).ForRoles(Roles.Provider, Roles.Seeker).Produces<ContractAnswer>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).WithSummary("Sign a contract");

    static async Task<IResult> HandleAsync(Guid id, SignatureRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        shape.Require(shape.Value("accept", request.Accept) || request.Accept is null, "accept", "须为 true。", "Must be true.");
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Contract.LockAsync(transaction, id, caller, ct) is not { } contract) return Answer.NotFound;
        if (caller.OrganisationId == contract.SellerId && contract.Status != "signed_by_seller")
        {
            if (contract.RefuseUnless("signed_by_seller") is { } refusal) return refusal;
            contract.Status = "signed_by_seller";
            contract.SignedBySellerAt = transaction.Now;
            contract.ContentHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(contract.Wording())));
        }
        else if (caller.OrganisationId == contract.BuyerId)
        {
            if (contract.Status == "draft") return Answer.Refused(ContractRules.SellerSignsFirst);
            if (contract.RefuseUnless("signed") is { } refusal) return refusal;
            contract.Status = "signed";
            contract.SignedByBuyerAt = transaction.Now;
        }
        else
        {
            return caller.OrganisationId == contract.SellerId
                ? Answer.Refused(Refusals.WrongState, new { contract.Status })
                : Answer.Forbidden(Refusals.NotAllowed);
        }

        transaction.Audit(caller, "contract.signed", id, new { contract.Status, contract.ContentHash });
        return await contract.SaveAsync(transaction, ct);
    }
}

/// <summary>Signs.</summary>
/// <param name="Accept">Must be true.</param>
public sealed record SignatureRequest(bool? Accept);

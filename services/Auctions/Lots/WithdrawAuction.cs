using TechMarket.Auctions.Deposits;
using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Lots;

/// <summary>The seller withdraws a lot before bidding opens (AUC art. 29); deposits become due for refund.</summary>
public static class WithdrawAuction
{
    /// <summary>409: bidding has opened.</summary>
    public static readonly Refusal HasOpened = new("auction-has-opened", "竞价已开始，不能撤回。", "Bidding has opened; it cannot be withdrawn.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/auctions/{id:guid}/withdrawal", HandleAsync).ForRoles(Roles.Provider).Produces<AuctionAnswer>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).WithSummary("Withdraw an auction before it opens");

    static async Task<IResult> HandleAsync(Guid id, AuctionWithdrawalRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var reason = shape.Text("reason", request.Reason, 1_000);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Auction.LockAsync(transaction, id, ct) is not { } auction) return Answer.NotFound;
        if (auction.SellerId != caller.OrganisationId) return Answer.Forbidden(ListForAuction.NotYours);
        if (auction.Status != "listed") return Answer.Refused(Refusals.WrongState, new { auction.Status });
        if (transaction.Now >= auction.OpensAt) return Answer.Refused(HasOpened);
        auction.Status = "withdrawn";
        auction.StatusReason = reason;
        await auction.SaveAsync(transaction, ct);
        await DepositLedger.RefundAsync(transaction, id, except: null, "withdrawn", ct);
        transaction.Publish(id, new AuctionFailed(id, auction.AchievementId, "withdrawn", transaction.Now));
        transaction.Audit(caller, "auction.withdrawn", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(auction.At(transaction.Now, null)), ct);
    }
}

/// <summary>Withdraws an auction.</summary>
/// <param name="Reason">Shown to everybody.</param>
public sealed record AuctionWithdrawalRequest(string? Reason);

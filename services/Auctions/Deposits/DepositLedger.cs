using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Deposits;

/// <summary>The movements of deposits (R4.9): what was received, and what becomes of it.</summary>
static class DepositLedger
{
    /// <summary>What a bidder has paid.</summary>
    public static Task<decimal> ReceivedAsync(Transaction transaction, Guid registrationId, CancellationToken ct) =>
        transaction.SingleOrDefaultAsync<decimal>(
            "select coalesce(sum(amount), 0) from deposit_entry where registration_id = @registrationId and kind = 'received'", new { registrationId }, ct);

    /// <summary>Records a payment.</summary>
    public static Task ReceiveAsync(Transaction transaction, Guid registrationId, decimal amount, Caller caller, CancellationToken ct) =>
        transaction.ExecuteAsync("""
            insert into deposit_entry (id, registration_id, kind, amount, reason, entered_by, entered_at)
            values (gen_random_uuid(), @registrationId, 'received', @amount, 'paid', @PersonId, @Now)
            """, new { registrationId, amount, caller.PersonId, transaction.Now }, ct);

    /// <summary>Everything that bidders of an auction paid becomes due for refund, the winner's apart, whose deposit offsets the price.</summary>
    public static async Task RefundAsync(Transaction transaction, Guid auctionId, Guid? except, string reason, CancellationToken ct) =>
        await transaction.ExecuteAsync("""
            insert into deposit_entry (id, registration_id, kind, amount, reason, entered_at)
            select gen_random_uuid(), e.registration_id, case when e.registration_id = @except then 'offset_due' else 'refund_due' end, sum(e.amount),
                   @reason, @Now
            from deposit_entry e join bidder_registration r on r.id = e.registration_id
            where r.auction_id = @auctionId and e.kind = 'received'
            group by e.registration_id
            """, new { auctionId, except, reason, transaction.Now }, ct);
}

using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Bidding;

/// <summary>Writes records of the log.</summary>
static class BidLogRows
{
    /// <summary>All of them in one statement.</summary>
    public static Task InsertAsync(
        Transaction transaction, Guid auctionId, IReadOnlyList<(LogRecord Record, Guid Registration)> rows, CancellationToken ct) =>
        transaction.ExecuteAsync("""
            insert into bid_log (auction_id, sequence, kind, registration_id, bidder_code, amount, accepted, reason, received_at, previous_hash, hash)
            select @auctionId, r.sequence, r.kind, nullif(r.registration_id, '00000000-0000-0000-0000-000000000000'), r.bidder_code, r.amount, r.accepted,
                   r.reason, r.received_at, r.previous_hash, r.hash
            from unnest(@sequences, @kinds, @registrations, @codes, @amounts, @accepted, @reasons, @times, @previous, @hashes)
                 as r (sequence, kind, registration_id, bidder_code, amount, accepted, reason, received_at, previous_hash, hash)
            """,
            new
            {
                auctionId,
                sequences = rows.Select(row => row.Record.Sequence).ToArray(),
                kinds = rows.Select(row => row.Record.Kind).ToArray(),
                registrations = rows.Select(row => row.Registration).ToArray(),
                codes = rows.Select(row => row.Record.BidderCode).ToArray(),
                amounts = rows.Select(row => row.Record.Amount).ToArray(),
                accepted = rows.Select(row => row.Record.Accepted).ToArray(),
                reasons = rows.Select(row => row.Record.Reason).ToArray(),
                times = rows.Select(row => row.Record.ReceivedAt.UtcDateTime).ToArray(),
                previous = rows.Select(row => row.Record.PreviousHash).ToArray(),
                hashes = rows.Select(row => row.Record.Hash).ToArray(),
            }, ct);
}

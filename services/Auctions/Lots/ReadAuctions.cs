using System.Collections.Frozen;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Lots;

/// <summary>Anyone watches auctions and reads their logs.</summary>
public static class ReadAuctions
{
    static readonly FrozenSet<string> Statuses =
        new[] { "listed", "bidding", "awarded", "failed", "withdrawn", "closed" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/auctions", ListAsync).ForAnyone().Produces<Page<AuctionAnswer>>().ProducesProblem(400).WithSummary("List auctions");
        routes.MapGet("/api/auctions/{id:guid}", GetAsync).ForAnyone().Produces<AuctionAnswer>().ProducesProblem(404).WithSummary("Watch an auction");
        routes.MapGet("/api/auctions/{id:guid}/log", LogAsync).ForAnyone().Produces<LogPage>().ProducesProblem(404)
            .WithSummary("Read the hash-chained log of an auction, bidders by code");
    }

    static async Task<IResult> ListAsync(string? status, string? cursor, int? limit, Database database, TimeProvider clock, CancellationToken ct)
    {
        var shape = new Shape();
        shape.OptionalOneOf("status", status, Statuses);
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        var now = clock.GetUtcNow();
        var rows = await database.QueryAsync<Auction>($"""
            select {Auction.Columns} from auction
            where (@status::text is null or @status = case when status = 'listed' and opens_at <= @now then 'bidding' else status end)
              and (@at::timestamptz is null or (created_at, id) < (@at, @id))
            order by created_at desc, id desc limit @more
            """, new { status, now, at = from?.At, id = from?.Id, more = size + 1 }, ct);
        var page = Page<Auction>.Of(rows, size, row => new Cursor(row.CreatedAt, row.Id).ToString());
        return Answer.Ok(new Page<AuctionAnswer>([.. page.Items.Select(row => row.At(now, null))], page.NextCursor));
    }

    static async Task<IResult> GetAsync(Guid id, Database database, TimeProvider clock, CancellationToken ct)
    {
        var auction = await database.SingleOrDefaultAsync<Auction>($"select {Auction.Columns} from auction where id = @id", new { id }, ct);
        if (auction is null) return Answer.NotFound;
        var leader = auction.LeaderRegistrationId is null ? null : await database.SingleOrDefaultAsync<string>(
            "select bidder_code from bidder_registration where id = @LeaderRegistrationId", auction, ct);
        return Answer.Ok(auction.At(clock.GetUtcNow(), leader)) with { Version = auction.LogCount };
    }

    static async Task<IResult> LogAsync(Guid id, string? cursor, int? limit, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var size = limit is null ? Cursor.LimitMax : Cursor.Limit(shape, limit);
        var after = 0L;
        if (!string.IsNullOrEmpty(cursor))
        {
            shape.Require(long.TryParse(cursor, out after) && after > 0, "cursor",
                "游标无效，请使用上一页返回的 nextCursor。", "Not a cursor of this list; use the nextCursor of the page before.");
        }

        if (shape.Problem is { } problem) return problem;
        var auction = await database.SingleOrDefaultAsync<Auction>($"select {Auction.Columns} from auction where id = @id", new { id }, ct);
        if (auction is null) return Answer.NotFound;
        var rows = await database.QueryAsync<LogRow>("""
            select sequence, kind, bidder_code, amount, accepted, reason, received_at, previous_hash, hash from bid_log
            where auction_id = @id and sequence > @after order by sequence limit @more
            """, new { id, after, more = size + 1 }, ct);
        var page = Page<LogRow>.Of(rows, size, row => row.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Answer.Ok(new LogPage(id, auction.LogCount, auction.HeadHash, [.. page.Items.Select(row => row.Answer())], page.NextCursor));
    }

    sealed class LogRow
    {
        public long Sequence { get; init; }

        public string Kind { get; init; } = "";

        public string BidderCode { get; init; } = "";

        public decimal? Amount { get; init; }

        public bool Accepted { get; init; }

        public string Reason { get; init; } = "";

        public DateTimeOffset ReceivedAt { get; init; }

        public string PreviousHash { get; init; } = "";

        public string Hash { get; init; } = "";

        public LogEntry Answer() => new(
            Sequence, Kind, BidderCode, Money.Cny(Amount), Accepted, Reason,
            new Bidding.LogRecord(Sequence, Kind, BidderCode, Amount, Accepted, Reason, ReceivedAt, PreviousHash).TimeText, PreviousHash, Hash);
    }
}

/// <summary>A part of an auction's log.</summary>
/// <param name="AuctionId">The auction.</param>
/// <param name="Count">How many records there are in all.</param>
/// <param name="HeadHash">The hash of the last of them.</param>
/// <param name="Items">In their order.</param>
/// <param name="NextCursor">Where the next part begins; null on the last.</param>
public sealed record LogPage(Guid AuctionId, long Count, string HeadHash, IReadOnlyList<LogEntry> Items, string? NextCursor);

/// <summary>A record of the log.</summary>
/// <param name="Sequence">Its place, from 1.</param>
/// <param name="Kind">bid or close.</param>
/// <param name="BidderCode">Who, by code.</param>
/// <param name="Amount">The bid.</param>
/// <param name="Accepted">It was valid.</param>
/// <param name="Reason">Why it was not.</param>
/// <param name="ReceivedAt">UTC with six digits of a second, as it is hashed.</param>
/// <param name="PreviousHash">Of the record before.</param>
/// <param name="Hash">Of this one.</param>
public sealed record LogEntry(
    long Sequence, string Kind, string BidderCode, Money? Amount, bool Accepted, string Reason, string ReceivedAt, string PreviousHash, string Hash);

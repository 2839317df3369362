using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using TechMarket.Auctions.Lots;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Bidding;

/// <summary>A bid on its way to a decision.</summary>
/// <param name="AuctionId">The auction.</param>
/// <param name="OrganisationId">Who bids.</param>
/// <param name="Amount">In yuan.</param>
/// <param name="ReceivedAt">When the server received it.</param>
/// <param name="Request">Its request, whose idempotency key is honoured.</param>
public sealed record PendingBid(Guid AuctionId, Guid OrganisationId, decimal Amount, DateTimeOffset ReceivedAt, HttpContext Request)
{
    internal TaskCompletionSource<IResult> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Decides bids in small batches (design §6): while one transaction of an auction commits, arriving bids wait; the next one locks the
/// auction row once, runs the rules over all that wait in the order they came, and writes them in one statement. Any number of processes may do
/// so: the row lock decides.</summary>
public sealed class BidDesk(Database database, IConfiguration configuration, ILogger<BidDesk> logger) : IDisposable
{
    const int BatchMax = 256;
    readonly ConcurrentDictionary<Guid, Lane> lanes = new();
    readonly PartitionedRateLimiter<Guid> limiter = PartitionedRateLimiter.Create<Guid, Guid>(bidder => RateLimitPartition.GetFixedWindowLimiter(
        bidder, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = configuration.GetValue("Bids:PerSecond", 10),
            Window = TimeSpan.FromSeconds(1),
        }));

    /// <summary>False when a bidder bids faster than is allowed: <c>Bids:PerSecond</c>, 10 by default.</summary>
    public bool MayBid(Guid bidder)
    {
        using var lease = limiter.AttemptAcquire(bidder);
        return lease.IsAcquired;
    }

    /// <summary>Hands a bid in; completes when its decision is committed.</summary>
    public Task<IResult> PlaceAsync(PendingBid bid)
    {
        while (true)
        {
            var lane = lanes.GetOrAdd(bid.AuctionId, _ => new Lane());
            lock (lane)
            {
                if (lane.IsLeft) continue;
                lane.Waiting.Enqueue(bid);
                if (lane.IsServed) return bid.Outcome.Task;
                lane.IsServed = true;
            }

            // The lane outlives the request that opened it and must not carry its context along.
            using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => ServeAsync(bid.AuctionId, lane));
            return bid.Outcome.Task;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();

    sealed class Lane
    {
        public Queue<PendingBid> Waiting { get; } = new();

        public bool IsServed { get; set; }

        public bool IsLeft { get; set; }
    }

    async Task ServeAsync(Guid auctionId, Lane lane)
    {
        while (true)
        {
            List<PendingBid> batch = [];
            lock (lane)
            {
                while (batch.Count < BatchMax && lane.Waiting.TryDequeue(out var bid)) batch.Add(bid);
                if (batch.Count == 0)
                {
                    lane.IsLeft = true;
                    lanes.TryRemove(auctionId, out _);
                    return;
                }
            }

            try
            {
                var outcomes = await DecideAsync(auctionId, batch);
                for (var i = 0; i < batch.Count; i++) batch[i].Outcome.SetResult(outcomes[i]);
            }
            catch (Exception e)
            {
                // Nothing was committed, or its answer was lost: each caller hears so and may ask again with the same key.
                logger.LogWarning("A batch of {Count} bids failed: {Message}", batch.Count, e.Message);
                foreach (var bid in batch) bid.Outcome.TrySetException(e);
            }
        }
    }

    async Task<IResult[]> DecideAsync(Guid auctionId, List<PendingBid> batch)
    {
        var ct = CancellationToken.None;
        await using var transaction = await database.BeginAsync(ct);
        if (await Auction.LockAsync(transaction, auctionId, ct) is not { } auction) return [.. batch.Select(_ => (IResult)Answer.NotFound)];
        var bidders = (await transaction.QueryAsync<Bidder>("""
            select id, organisation_id, bidder_code, status from bidder_registration
            where auction_id = @auctionId and organisation_id = any (@organisations)
            """, new { auctionId, organisations = batch.Select(bid => bid.OrganisationId).Distinct().ToArray() }, ct))
            .ToDictionary(bidder => bidder.OrganisationId);
        var records = new List<(LogRecord Record, Guid Registration)>();
        var outcomes = new IResult[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            if (await transaction.RepeatedAsync(batch[i].Request, ct) is { } first) outcomes[i] = first;
            else
            {
                var answer = Decide(auction, batch[i], bidders.GetValueOrDefault(batch[i].OrganisationId), records);
                await transaction.RememberAsync(batch[i].Request, answer, ct);
                outcomes[i] = answer;
            }
        }

        if (records.Count > 0)
        {
            await BidLogRows.InsertAsync(transaction, auctionId, records, ct);
            await auction.SaveAsync(transaction, ct);
        }

        await transaction.CommitAsync(ct);
        return outcomes;
    }

    static Answer Decide(Auction auction, PendingBid bid, Bidder? bidder, List<(LogRecord Record, Guid Registration)> records)
    {
        if (auction.SellerId == bid.OrganisationId) return Answer.Forbidden(Deposits.RegisterBidder.OwnLot);
        if (bidder is not { Status: "qualified" }) return Answer.Forbidden(PlaceBid.NotQualified);
        if (!auction.IsOpenEnded) return Answer.Refused(MultiRound.Over, new { auction.Status });

        var before = new MultiRound.State(auction.CurrentPrice, auction.EndsAt);
        var (after, refusal) = MultiRound.Decide(auction.Terms, before, bid.Amount, bid.ReceivedAt);
        var record = new LogRecord(
            auction.LogCount + 1, "bid", bidder.BidderCode, bid.Amount, refusal is null, refusal?.Type ?? "", bid.ReceivedAt, auction.HeadHash);
        records.Add((record, bidder.Id));
        auction.LogCount = record.Sequence;
        auction.HeadHash = record.Hash;
        if (refusal is not null)
        {
            return Answer.Refused(refusal,
                new
                {
                    record.Sequence,
                    record.Hash,
                    minimum = Money.Cny(MultiRound.Minimum(auction.Terms, after)),
                    increment = Money.Cny(auction.Increment),
                    after.EndsAt,
                });
        }

        auction.Status = "bidding";
        auction.CurrentPrice = after.Highest;
        auction.EndsAt = after.EndsAt;
        auction.LeaderRegistrationId = bidder.Id;
        auction.BidCount++;
        return Answer.Created($"/api/auctions/{auction.Id}/log",
            new BidAnswer(record.Sequence, Money.Cny(bid.Amount), bid.ReceivedAt, record.Hash, true, auction.EndsAt));
    }

    sealed record Bidder(Guid Id, Guid OrganisationId, string BidderCode, string Status);
}

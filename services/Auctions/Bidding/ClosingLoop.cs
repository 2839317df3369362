using System.Text.Json;
using TechMarket.Auctions.Deposits;
using TechMarket.Auctions.Lots;
using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Bidding;

/// <summary>Closes auctions whose end has passed: the highest bid wins, or the lot has failed (流拍). The end is a matter of the rows, not of this
/// loop: a bid after it is refused however late the loop comes. Any number of processes may run it.</summary>
public sealed class ClosingLoop(Database database, TimeProvider clock, ILogger<ClosingLoop> logger) : BackgroundService
{
    const int BatchMax = 20;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A bid received in the last moment may still be on its way to its decision.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var due = await database.QueryAsync<Guid>("""
                    select id from auction where status in ('listed', 'bidding') and ends_at <= @now order by ends_at limit @BatchMax
                    """, new { now = clock.GetUtcNow() - Grace, BatchMax }, stoppingToken);
                foreach (var id in due) await CloseAsync(id, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Auctions are closed a moment later: {Message}", e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task CloseAsync(Guid id, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        var auction = await Auction.LockAsync(transaction, id, ct);
        // Between looking and locking a bid may have moved the end, or another process closed it.
        if (auction is not { IsOpenEnded: true } || auction.EndsAt > transaction.Now - Grace) return;
        var winner = auction.LeaderRegistrationId is null ? null : await transaction.SingleOrDefaultAsync<Winner>(
            "select id, organisation_id, bidder_code, party::text as party from bidder_registration where id = @LeaderRegistrationId", auction, ct);
        var record = new LogRecord(
            auction.LogCount + 1, "close", winner?.BidderCode ?? "", auction.CurrentPrice, winner is not null, winner is null ? "no_bid" : "awarded",
            LogRecord.Microseconds(transaction.Now), auction.HeadHash);
        await BidLogRows.InsertAsync(transaction, id, [(record, winner?.Id ?? Guid.Empty)], ct);
        auction.LogCount = record.Sequence;
        auction.HeadHash = record.Hash;
        auction.Status = winner is null ? "failed" : "awarded";
        auction.DealId = winner is null ? null : Guid.CreateVersion7(transaction.Now);
        await auction.SaveAsync(transaction, ct);
        await DepositLedger.RefundAsync(transaction, id, winner?.Id, auction.Status, ct);
        if (winner is null) transaction.Publish(id, new AuctionFailed(id, auction.AchievementId, "no_bid", transaction.Now));
        else Award(transaction, auction, winner);
        await transaction.CommitAsync(ct);
    }

    static void Award(Transaction transaction, Auction auction, Winner winner)
    {
        var achievement = auction.Achievement;
        var price = auction.CurrentPrice!.Value;
        transaction.Publish(auction.Id, new AuctionAwarded(
            auction.Id, auction.AchievementId, winner.OrganisationId, price, auction.BidCount, auction.HeadHash, transaction.Now));
        transaction.Publish(auction.DealId!.Value, new DealAgreed(
            auction.DealId.Value, auction.Id, null, auction.AchievementId, auction.Title, auction.Seller,
            JsonSerializer.Deserialize<PartyFact>(winner.Party, Json.Options)!, null, auction.TransferMode, price, "auction", achievement.TechField,
            achievement.IndustryCode, achievement.FundingSource, achievement.IntellectualProperty, achievement.Completers, achievement.OwnershipShares,
            transaction.Now));
    }

    sealed record Winner(Guid Id, Guid OrganisationId, string BidderCode, string Party);
}

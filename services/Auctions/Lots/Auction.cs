using System.Text.Json;
using TechMarket.Auctions.Bidding;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Lots;

/// <summary>An auction as its table holds it.</summary>
sealed class Auction
{
    public const string Columns = """
        id, achievement_id, achievement::text as achievement_json, seller_id, seller::text as seller_json, title, format, transfer_mode, start_price,
        increment, deposit, opens_at, free_period_ends_at, cycle_seconds, ends_at, status, current_price, leader_registration_id, bid_count, log_count,
        head_hash, deal_id, status_reason, created_at
        """;

    public Guid Id { get; init; }

    public Guid AchievementId { get; init; }

    public string AchievementJson { get; init; } = "";

    public Guid SellerId { get; init; }

    public string SellerJson { get; init; } = "";

    public string Title { get; init; } = "";

    public string Format { get; init; } = "";

    public string TransferMode { get; init; } = "";

    public decimal StartPrice { get; init; }

    public decimal Increment { get; init; }

    public decimal Deposit { get; init; }

    public DateTimeOffset OpensAt { get; init; }

    public DateTimeOffset FreePeriodEndsAt { get; init; }

    public int CycleSeconds { get; init; }

    public DateTimeOffset EndsAt { get; set; }

    public string Status { get; set; } = "";

    public decimal? CurrentPrice { get; set; }

    public Guid? LeaderRegistrationId { get; set; }

    public int BidCount { get; set; }

    public long LogCount { get; set; }

    public string HeadHash { get; set; } = "";

    public Guid? DealId { get; set; }

    public string? StatusReason { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public AchievementPublished Achievement => (AchievementPublished)EventCatalogue.Read(nameof(AchievementPublished), AchievementJson)!;

    public PartyFact Seller => JsonSerializer.Deserialize<PartyFact>(SellerJson, Json.Options)!;

    public MultiRound.Terms Terms => new(StartPrice, Increment, OpensAt, FreePeriodEndsAt, TimeSpan.FromSeconds(CycleSeconds));

    public bool IsOpenEnded => Status is "listed" or "bidding";

    /// <summary>The auction, locked until the transaction ends; null when there is none.</summary>
    public static Task<Auction?> LockAsync(Transaction transaction, Guid id, CancellationToken ct) =>
        transaction.SingleOrDefaultAsync<Auction>($"select {Columns} from auction where id = @id for update", new { id }, ct);

    /// <summary>Writes what bidding changes.</summary>
    public Task SaveAsync(Transaction transaction, CancellationToken ct) => transaction.ExecuteAsync("""
        update auction set ends_at = @EndsAt, status = @Status, current_price = @CurrentPrice, leader_registration_id = @LeaderRegistrationId,
            bid_count = @BidCount, log_count = @LogCount, head_hash = @HeadHash, deal_id = @DealId, status_reason = @StatusReason
        where id = @Id
        """, this, ct);

    /// <summary>What anyone may see at a moment. Bidding opens by the clock, not by a row that somebody has to write.</summary>
    public AuctionAnswer At(DateTimeOffset now, string? leaderCode)
    {
        var status = Status == "listed" && now >= OpensAt ? "bidding" : Status;
        return new AuctionAnswer(
            Id, status, AchievementId, Title, SellerId, Seller.Name, Format, TransferMode, Money.Cny(StartPrice), Money.Cny(Increment), Money.Cny(Deposit),
            OpensAt, FreePeriodEndsAt, CycleSeconds, EndsAt, status == "bidding" ? now < FreePeriodEndsAt ? "free" : "timed" : null,
            Money.Cny(CurrentPrice), leaderCode, IsOpenEnded ? Money.Cny(MultiRound.Minimum(Terms, new MultiRound.State(CurrentPrice, EndsAt))) : null,
            BidCount, LogCount, HeadHash, StatusReason, now);
    }
}

/// <summary>An auction, as anyone may see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">listed, bidding, awarded, failed, withdrawn or closed.</param>
/// <param name="AchievementId">What is offered.</param>
/// <param name="Title">The achievement's title.</param>
/// <param name="SellerId">Who offers it.</param>
/// <param name="Seller">The seller's name.</param>
/// <param name="Format">multi_round.</param>
/// <param name="TransferMode">What the winner gets.</param>
/// <param name="StartPrice">The lowest first bid.</param>
/// <param name="Increment">The step.</param>
/// <param name="Deposit">What a bidder pays beforehand.</param>
/// <param name="OpensAt">When bidding opens.</param>
/// <param name="FreePeriodEndsAt">When the timed cycles begin.</param>
/// <param name="CycleSeconds">The length of a cycle.</param>
/// <param name="EndsAt">When it ends if no valid bid comes before.</param>
/// <param name="Period">free or timed while bidding runs.</param>
/// <param name="CurrentPrice">The highest valid bid.</param>
/// <param name="LeaderCode">The code of whoever made it.</param>
/// <param name="MinimumBid">The lowest bid that would be taken now.</param>
/// <param name="BidCount">Valid bids.</param>
/// <param name="LogCount">Records in the log.</param>
/// <param name="LogHeadHash">The hash of the last of them.</param>
/// <param name="StatusReason">Why it was withdrawn.</param>
/// <param name="ServerTime">The clock that counts.</param>
public sealed record AuctionAnswer(
    Guid Id, string Status, Guid AchievementId, string Title, Guid SellerId, string Seller, string Format, string TransferMode, Money StartPrice,
    Money Increment, Money Deposit, DateTimeOffset OpensAt, DateTimeOffset FreePeriodEndsAt, int CycleSeconds, DateTimeOffset EndsAt, string? Period,
    Money? CurrentPrice, string? LeaderCode, Money? MinimumBid, int BidCount, long LogCount, string LogHeadHash, string? StatusReason,
    DateTimeOffset ServerTime);

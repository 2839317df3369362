namespace TechMarket.Events;

/// <summary>An achievement is put up for auction.</summary>
/// <param name="AuctionId">Its id.</param>
/// <param name="AchievementId">What is offered.</param>
/// <param name="SellerOrganisationId">Who offers it.</param>
/// <param name="Title">The title of the achievement.</param>
/// <param name="RegionCode">The region of the achievement, if known.</param>
/// <param name="Format">multi_round, sealed_single, weighted, tender or dutch.</param>
/// <param name="TransferMode">What the winner gets (domain brief §1.3).</param>
/// <param name="StartPriceCny">The lowest first bid, in yuan.</param>
/// <param name="OpensAt">When bidding opens.</param>
/// <param name="ListedAt">When it was listed.</param>
public sealed record AuctionListed(
    Guid AuctionId,
    Guid AchievementId,
    Guid SellerOrganisationId,
    string Title,
    string? RegionCode,
    string Format,
    string TransferMode,
    decimal StartPriceCny,
    DateTimeOffset OpensAt,
    DateTimeOffset ListedAt);

/// <summary>An auction has a winner.</summary>
/// <param name="AuctionId">Its id.</param>
/// <param name="AchievementId">What was sold.</param>
/// <param name="WinnerOrganisationId">Who won.</param>
/// <param name="PriceCny">The winning price, in yuan.</param>
/// <param name="BidCount">Accepted bids.</param>
/// <param name="LogHeadHash">Hash of the last record of the published log, lower-case hexadecimal.</param>
/// <param name="AwardedAt">When.</param>
public sealed record AuctionAwarded(
    Guid AuctionId,
    Guid AchievementId,
    Guid WinnerOrganisationId,
    decimal PriceCny,
    int BidCount,
    string LogHeadHash,
    DateTimeOffset AwardedAt);

/// <summary>An auction ended without a sale (流拍).</summary>
/// <param name="AuctionId">Its id.</param>
/// <param name="AchievementId">What was offered.</param>
/// <param name="Reason">no_bid, reserve_unmet or withdrawn.</param>
/// <param name="FailedAt">When.</param>
public sealed record AuctionFailed(Guid AuctionId, Guid AchievementId, string Reason, DateTimeOffset FailedAt);

namespace TechMarket.Events;

/// <summary>A side of a deal, as it was when the deal was agreed.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Uscc">统一社会信用代码.</param>
/// <param name="RegionCode">GB/T 2260.</param>
public sealed record PartyFact(Guid OrganisationId, string Name, string Kind, string Uscc, string RegionCode);

/// <summary>Two sides agreed on an achievement and a price. Everything a contract draft needs is in here, so that nothing is typed twice.</summary>
/// <param name="DealId">Its id.</param>
/// <param name="AuctionId">The auction it came from, if any.</param>
/// <param name="NeedId">The need it meets, if known.</param>
/// <param name="AchievementId">What is transferred.</param>
/// <param name="AchievementTitle">Its title.</param>
/// <param name="Seller">Assignor, licensor or provider.</param>
/// <param name="Buyer">Assignee, licensee or client.</param>
/// <param name="Broker">The broker who introduced the two, if any.</param>
/// <param name="TransferMode">What the buyer gets (domain brief §1.3).</param>
/// <param name="PriceCny">The agreed price, in yuan.</param>
/// <param name="Origin">auction, negotiation, licence_offer or introduction.</param>
/// <param name="TechField">One of the eight high-tech fields, if known.</param>
/// <param name="IndustryCode">GB/T 4754-2017, if known.</param>
/// <param name="FundingSource">课题来源, if known.</param>
/// <param name="IntellectualProperty">What protects the achievement.</param>
/// <param name="Completers">Who made it and shares in the reward.</param>
/// <param name="OwnershipShares">Who owns it.</param>
/// <param name="AgreedAt">When.</param>
public sealed record DealAgreed(
    Guid DealId,
    Guid? AuctionId,
    Guid? NeedId,
    Guid AchievementId,
    string AchievementTitle,
    PartyFact Seller,
    PartyFact Buyer,
    PartyFact? Broker,
    string TransferMode,
    decimal PriceCny,
    string Origin,
    string? TechField,
    string? IndustryCode,
    string? FundingSource,
    IReadOnlyList<IntellectualPropertyFact> IntellectualProperty,
    IReadOnlyList<CompleterFact> Completers,
    IReadOnlyList<OwnershipShareFact> OwnershipShares,
    DateTimeOffset AgreedAt);

/// <summary>A technology contract was recognised and registered (认定登记).</summary>
/// <param name="ContractId">Its id.</param>
/// <param name="DealId">The deal it was drafted from.</param>
/// <param name="AchievementId">What is transferred.</param>
/// <param name="RegistrationNumber">Sixteen digits.</param>
/// <param name="Kind">development, assignment, licence, consulting or service (CC ch. 20).</param>
/// <param name="Seller">The seller's side.</param>
/// <param name="Buyer">The buyer's side.</param>
/// <param name="ContractValueCny">合同成交额, in yuan.</param>
/// <param name="TechnicalAmountCny">技术交易额, in yuan.</param>
/// <param name="CertificateHash">Hash of what the certificate states, lower-case hexadecimal.</param>
/// <param name="RegisteredAt">When.</param>
public sealed record ContractRegistered(
    Guid ContractId,
    Guid DealId,
    Guid AchievementId,
    string RegistrationNumber,
    string Kind,
    PartyFact Seller,
    PartyFact Buyer,
    decimal ContractValueCny,
    decimal TechnicalAmountCny,
    string CertificateHash,
    DateTimeOffset RegisteredAt);

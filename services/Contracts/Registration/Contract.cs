using System.Text.Json;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>A contract as its table holds it, with the deal it came from.</summary>
sealed class Contract
{
    public const string Columns = """
        c.id, c.version, c.deal_id, c.status, c.kind, c.title, c.value, c.technical_amount, c.seller_id, c.seller_region_code, c.buyer_id,
        c.buyer_region_code, c.content_hash, c.signed_by_seller_at, c.signed_by_buyer_at, c.submitted_at, c.accepted_at, c.accepted_by, c.due_on,
        c.due_is_provisional, c.needs_experts, c.examined_at, c.examined_by, c.approved_by, c.registered_at, c.registration_number, c.status_reason,
        c.created_at, d.agreed::text as agreed_json
        """;

    public Guid Id { get; init; }

    public long Version { get; set; }

    public Guid DealId { get; init; }

    public string Status { get; set; } = "";

    public string Kind { get; init; } = "";

    public string Title { get; init; } = "";

    public decimal Value { get; init; }

    public decimal TechnicalAmount { get; set; }

    public Guid SellerId { get; init; }

    public string SellerRegionCode { get; init; } = "";

    public Guid BuyerId { get; init; }

    public string BuyerRegionCode { get; init; } = "";

    public string? ContentHash { get; set; }

    public DateTimeOffset? SignedBySellerAt { get; set; }

    public DateTimeOffset? SignedByBuyerAt { get; set; }

    public DateTimeOffset? SubmittedAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    public Guid? AcceptedBy { get; set; }

    public DateOnly? DueOn { get; set; }

    public bool? DueIsProvisional { get; set; }

    public bool NeedsExperts { get; set; }

    public DateTimeOffset? ExaminedAt { get; set; }

    public Guid? ExaminedBy { get; set; }

    public Guid? ApprovedBy { get; set; }

    public DateTimeOffset? RegisteredAt { get; set; }

    public string? RegistrationNumber { get; set; }

    public string? StatusReason { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public string AgreedJson { get; init; } = "";

    public DealAgreed Deal => (DealAgreed)EventCatalogue.Read(nameof(DealAgreed), AgreedJson)!;

    /// <summary>The contract, locked until the transaction ends, if the caller may know of it: a party, or a registrar of the seller's region
    /// once it was submitted (R5.5).</summary>
    public static async Task<Contract?> LockAsync(Transaction transaction, Guid id, Caller caller, CancellationToken ct)
    {
        var contract = await transaction.SingleOrDefaultAsync<Contract>(
            $"select {Columns} from contract c join deal d on d.id = c.deal_id where c.id = @id for update of c", new { id }, ct);
        return contract is not null && contract.IsVisibleTo(caller) ? contract : null;
    }

    public bool IsVisibleTo(Caller caller) =>
        caller.OrganisationId == SellerId || caller.OrganisationId == BuyerId || caller.Is(Roles.Operator) || IsBefore(caller);

    /// <summary>True for a registrar in whose jurisdiction the seller is, once the contract was handed in.</summary>
    public bool IsBefore(Caller caller) => caller.Is(Roles.Registrar) && SubmittedAt is not null && caller.Covers(SellerRegionCode);

    /// <summary>409 when the contract may not go to a state from the one it is in.</summary>
    public Answer? RefuseUnless(string next) =>
        ContractRules.MayGo(Status, next) ? null : ServiceKit.Answer.Refused(Refusals.WrongState, new { Status });

    /// <summary>Writes its state as a new version and gives the answer.</summary>
    public async Task<IResult> SaveAsync(Transaction transaction, CancellationToken ct)
    {
        Version++;
        await transaction.ExecuteAsync("""
            update contract set version = @Version, status = @Status, technical_amount = @TechnicalAmount, content_hash = @ContentHash,
                signed_by_seller_at = @SignedBySellerAt, signed_by_buyer_at = @SignedByBuyerAt, submitted_at = @SubmittedAt, accepted_at = @AcceptedAt,
                accepted_by = @AcceptedBy, due_on = @DueOn, due_is_provisional = @DueIsProvisional, needs_experts = @NeedsExperts,
                examined_at = @ExaminedAt, examined_by = @ExaminedBy, approved_by = @ApprovedBy, registered_at = @RegisteredAt,
                registration_number = @RegistrationNumber, status_reason = @StatusReason
            where id = @Id
            """, this, ct);
        return await transaction.CommitAsync(ServiceKit.Answer.Ok(Answer()) with { Version = Version }, ct);
    }

    /// <summary>The text that both sides sign, in one spelling.</summary>
    public string Wording() => JsonSerializer.Serialize(new
    {
        id = Id,
        dealId = DealId,
        kind = Kind,
        title = Title,
        value = Money.Cny(Value),
        technicalAmount = Money.Cny(TechnicalAmount),
        deal = Deal,
    }, Json.Options);

    public ContractAnswer Answer()
    {
        var deal = Deal;
        return new ContractAnswer(
            Id, DealId, deal.AuctionId, Status, Kind, Title, deal.AchievementId, deal.TransferMode, Money.Cny(Value), Money.Cny(TechnicalAmount), deal.Seller,
            deal.Buyer, deal.Broker, deal.TechField, deal.IndustryCode, deal.FundingSource, deal.IntellectualProperty, deal.Completers,
            deal.OwnershipShares, SellerRegionCode, BuyerRegionCode, ContentHash, SignedBySellerAt, SignedByBuyerAt, SubmittedAt, AcceptedAt, DueOn,
            DueIsProvisional, NeedsExperts, ExaminedAt, RegisteredAt, RegistrationNumber, StatusReason, CreatedAt);
    }
}

/// <summary>A technology contract, as its parties and registrars see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="DealId">The deal it was drafted from.</param>
/// <param name="AuctionId">The auction, if any.</param>
/// <param name="Status">draft, signed_by_seller, signed, submitted, correction_requested, accepted, examined, registered, refused or withdrawn.</param>
/// <param name="Kind">development, assignment, licence, consulting or service (CC ch. 20).</param>
/// <param name="Title">项目名称.</param>
/// <param name="AchievementId">What is transferred.</param>
/// <param name="TransferMode">What the buyer gets.</param>
/// <param name="Value">合同成交额 (R5.12).</param>
/// <param name="TechnicalAmount">技术交易额 (R5.12).</param>
/// <param name="Seller">卖方.</param>
/// <param name="Buyer">买方.</param>
/// <param name="Broker">技术经纪机构, if any.</param>
/// <param name="TechField">One of the eight.</param>
/// <param name="IndustryCode">GB/T 4754.</param>
/// <param name="FundingSource">课题来源.</param>
/// <param name="IntellectualProperty">知识产权.</param>
/// <param name="Completers">完成人.</param>
/// <param name="OwnershipShares">权属份额.</param>
/// <param name="SellerRegionCode">Where it is registered (R5.5).</param>
/// <param name="BuyerRegionCode">Where it is absorbed.</param>
/// <param name="ContentHash">SHA-256 of the wording, fixed when the seller signed.</param>
/// <param name="SignedBySellerAt">When the seller signed.</param>
/// <param name="SignedByBuyerAt">When the buyer signed.</param>
/// <param name="SubmittedAt">When it was handed in.</param>
/// <param name="AcceptedAt">受理 (R5.7).</param>
/// <param name="DueOn">The day by which the registry must have decided.</param>
/// <param name="DueIsProvisional">A calendar it runs through has not been announced.</param>
/// <param name="NeedsExperts">Its technical amount reaches the threshold of expert review.</param>
/// <param name="ExaminedAt">审查.</param>
/// <param name="RegisteredAt">登记.</param>
/// <param name="RegistrationNumber">认定登记编号, 16 digits.</param>
/// <param name="StatusReason">Why it was returned, refused or withdrawn.</param>
/// <param name="CreatedAt">When it was drafted.</param>
public sealed record ContractAnswer(
    Guid Id, Guid DealId, Guid? AuctionId, string Status, string Kind, string Title, Guid AchievementId, string TransferMode, Money Value,
    Money TechnicalAmount, PartyFact Seller, PartyFact Buyer, PartyFact? Broker, string? TechField, string? IndustryCode, string? FundingSource,
    IReadOnlyList<IntellectualPropertyFact> IntellectualProperty, IReadOnlyList<CompleterFact> Completers, IReadOnlyList<OwnershipShareFact> OwnershipShares,
    string SellerRegionCode, string BuyerRegionCode, string? ContentHash, DateTimeOffset? SignedBySellerAt, DateTimeOffset? SignedByBuyerAt,
    DateTimeOffset? SubmittedAt, DateTimeOffset? AcceptedAt, DateOnly? DueOn, bool? DueIsProvisional, bool NeedsExperts, DateTimeOffset? ExaminedAt,
    DateTimeOffset? RegisteredAt, string? RegistrationNumber, string? StatusReason, DateTimeOffset CreatedAt);

/// <summary>A step that needs no more to be said.</summary>
public sealed record StepRequest;

/// <summary>Why something is decided.</summary>
/// <param name="Reason">At most 1,000 characters.</param>
public sealed record ContractReasonRequest(string? Reason);

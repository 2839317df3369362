namespace TechMarket.Events.Tests;

/// <summary>One event of each kind with every field filled: what the snapshots were written from. A field that an event gains later is left out
/// here, for the messages of that time do not carry it.</summary>
static class Examples
{
    static readonly DateTimeOffset Noon = new(2026, 4, 20, 4, 0, 0, TimeSpan.Zero);

    static readonly PartyFact Seller = new(Id(11), "蓉江理工大学", "university", "12510100MA9T00018B", "510100");
    static readonly PartyFact Buyer = new(Id(12), "利辛储能有限公司", "enterprise", "91341623MA9T00018M", "341623");
    static readonly PartyFact Broker = new(Id(13), "德阳技术转移中心", "broker", "91510603MA9T00018B", "510603");

    static readonly IReadOnlyList<IntellectualPropertyFact> Protection =
        [new("invention", "ZL202410123456.0"), new("software_copyright", "2025SR0042")];

    static readonly IReadOnlyList<CompleterFact> Completers = [new("沈砚秋", 60.00m), new("Łukasz O'Neil", 40.00m)];

    static readonly IReadOnlyList<OwnershipShareFact> Owners = [new("蓉江理工大学", Id(11), 70.00m), new("沈砚秋", Id(14), 30.00m)];

    public static IReadOnlyDictionary<string, object> ByName { get; } = new object[]
    {
        new OrganisationChanged(
            OrganisationId: Id(11), Version: 3, Name: "安徽省利辛县科学技术局", Kind: "bureau", Uscc: "11341623003185805A", RegionCode: "341623",
            Status: "verified", Jurisdiction: ["341623", "659000"], ChangedAt: Noon),
        new SessionRevoked(SessionId: Id(21), PersonId: Id(22), RevokedAt: Noon, TokensExpireAt: Noon.AddMinutes(15)),
        new AchievementPublished(
            AchievementId: Id(1), Version: 2, OrganisationId: Id(11), OrganisationName: "蓉江理工大学", OrganisationKind: "university",
            Title: "锂离子电池热失控抑制用固态电解质", Summary: "一种“陶瓷—聚合物”复合电解质 <5 μm>。", Description: "第一行\n第二行\t\"引号\" & \\ 😀",
            Category: "applied_technology", Keywords: ["热失控", "固态电解质", "solid-state"], TechField: "new_energy_saving", IndustryCode: "C3841",
            RegionCode: "510100", Trl: 7, TransferModes: ["assignment", "licence_exclusive"], IntellectualProperty: Protection, Completers: Completers,
            OwnershipShares: Owners, FundingSource: "national_plan", Rights: new RightsFact(true, true, ["普通许可给甲公司，至 2027 年"]),
            AskingPriceCny: 2_000_000.00m, RegistrationNo: "9512026Y0042", Origin: new OriginFact("鹤壁成果包", "HB-2018-017", "鹤壁市农科院"),
            Language: "zh", ScreeningId: Id(3), PublishedAt: Noon),
        new AchievementWithdrawn(AchievementId: Id(1), Version: 3, Reason: "另作他用", WithdrawnAt: Noon),
        new NeedPublished(
            NeedId: Id(2), Version: 1, OrganisationId: Id(12), Title: "储能电池热失控防护", TechField: "new_energy_saving", IndustryCode: "C3841",
            RegionCode: "341623", PublishedAt: Noon),
        new NeedClosed(NeedId: Id(2), Version: 2, Reason: "met", ClosedAt: Noon),
        new AuctionListed(
            AuctionId: Id(4), AchievementId: Id(1), SellerOrganisationId: Id(11), Title: "锂离子电池热失控抑制用固态电解质", RegionCode: "510100",
            Format: "multi_round", TransferMode: "assignment", StartPriceCny: 2_000_000.00m, OpensAt: Noon.AddDays(18), ListedAt: Noon),
        new AuctionAwarded(
            AuctionId: Id(4), AchievementId: Id(1), WinnerOrganisationId: Id(12), PriceCny: 2_380_000.00m, BidCount: 7,
            LogHeadHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", AwardedAt: Noon.AddTicks(1_234_560)),
        new AuctionFailed(AuctionId: Id(4), AchievementId: Id(1), Reason: "reserve_unmet", FailedAt: Noon),
        new DealAgreed(
            DealId: Id(5), AuctionId: Id(4), NeedId: Id(2), AchievementId: Id(1), AchievementTitle: "锂离子电池热失控抑制用固态电解质",
            Seller: Seller, Buyer: Buyer, Broker: Broker, TransferMode: "assignment", PriceCny: 2_380_000.00m, Origin: "auction",
            TechField: "new_energy_saving", IndustryCode: "C3841", FundingSource: "national_plan", IntellectualProperty: Protection,
            Completers: Completers, OwnershipShares: Owners, AgreedAt: Noon),
        new ContractRegistered(
            ContractId: Id(6), DealId: Id(5), AchievementId: Id(1), RegistrationNumber: "2026510100000042", Kind: "assignment", Seller: Seller,
            Buyer: Buyer, ContractValueCny: 2_380_000.00m, TechnicalAmountCny: 999_999_999_999.99m,
            CertificateHash: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", RegisteredAt: Noon),
    }.ToDictionary(example => example.GetType().Name);

    /// <summary>The envelope all of them travel in.</summary>
    public static EventEnvelope Envelope { get; } = new(
        "auctions",
        [
            new EventMessage(Id(31), Id(4), nameof(AuctionFailed), """{"reason":"no_bid"}""",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Noon),
            new EventMessage(Id(32), Id(4), nameof(DealAgreed), """{"title":"“甲” & 乙"}""",
                "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00", Noon.AddTicks(10)),
        ]);

    static Guid Id(int number) => new(0x01993f00, 0x2026, 0x7420, 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace TechMarket.Tools;

/// <summary>Carries one deal from a listed achievement to a registered, certified and counted technology contract, by the public API alone.</summary>
/// <param name="operators">An operator, signed in.</param>
/// <param name="step">Told each step as it is done: a line in Chinese, a line in English.</param>
public sealed class DemoDeal(MarketClient operators, Action<string, string> step)
{
    const decimal StartPriceCny = 1_000_000m;
    const decimal IncrementCny = 10_000m;
    const decimal DepositCny = 100_000m;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long the free period lasts.</summary>
    public TimeSpan FreePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the deal left behind.</summary>
    /// <param name="AchievementId">The achievement.</param>
    /// <param name="NeedId">The need it was matched to.</param>
    /// <param name="AuctionId">The auction.</param>
    /// <param name="DealId">The deal.</param>
    /// <param name="ContractId">The contract.</param>
    /// <param name="RegistrationNumber">Its sixteen digits.</param>
    /// <param name="Certificate">What the certificate states.</param>
    /// <param name="PriceCny">The winning bid.</param>
    /// <param name="Seller">The university.</param>
    /// <param name="Buyer">The winner.</param>
    /// <param name="Mark">Six characters that only this deal's names and titles carry.</param>
    /// <param name="BidSequences">The places in the log that accepted bids were told.</param>
    public sealed record Outcome(
        Guid AchievementId, Guid NeedId, Guid AuctionId, Guid DealId, Guid ContractId, string RegistrationNumber, JsonNode Certificate,
        decimal PriceCny, Member Seller, Member Buyer, string Mark, IReadOnlyList<long> BidSequences);

    /// <summary>Walks the whole way.</summary>
    /// <exception cref="MarketException">A step was refused.</exception>
    /// <exception cref="TimeoutException">Something did not come in time.</exception>
    public async Task<Outcome> RunAsync(CancellationToken ct)
    {
        await new TrialMarket(operators).OpenAsync(step, ct);
        var mark = Guid.NewGuid().ToString("N")[..6].ToUpperInvariant();
        var university = await TrialOrganisations.JoinAsync(operators, "university", $"蓉江理工大学（演示{mark}）", "510100", "沈砚秋", ct);
        var buyer = await TrialOrganisations.JoinAsync(operators, "enterprise", $"利辛恒润储能科技有限公司（演示{mark}）", "341623", "郭承志", ct);
        var rival = await TrialOrganisations.JoinAsync(operators, "enterprise", $"德阳明拓新材料有限公司（演示{mark}）", "510600", "罗清越", ct);
        var bureau = await TrialOrganisations.JoinAsync(operators, "bureau", $"演示省科学技术厅（{mark}）", "510000", "方知行", ct);
        var registry = await TrialOrganisations.JoinAsync(operators, "registry", $"演示省技术合同登记处（{mark}）", "510000", "甲登记员", ct);
        var registrarB = await TrialOrganisations.AddColleagueAsync(registry, "乙登记员", ["registrar"], ct);
        step("五家单位注册并通过核验，另有一名登记员", "Five organisations registered and verified, and a second registrar");

        var achievementId = await PublishAchievementAsync(university, bureau, mark, ct);
        await SearchAsync(achievementId, mark, ct);
        var needId = await MatchNeedAsync(buyer, achievementId, ct);
        var (auctionId, priceCny, sequences) = await AuctionAsync(university, buyer, rival, achievementId, ct);
        var dealId = await DealAsync(buyer, auctionId, ct);
        var (contractId, registrationNumber) = await RegisterContractAsync(university, buyer, registry, registrarB, dealId, ct);

        var anyone = operators.Another();
        var certificate = await anyone.GetAsync($"/api/certificates/{registrationNumber}", ct);
        step($"证书可公开核验，哈希 {certificate["hash"]}", $"Anyone can verify the certificate, hash {certificate["hash"]}");
        await StatisticsAsync(anyone, ct);
        return new Outcome(achievementId, needId, auctionId, dealId, contractId, registrationNumber, certificate, priceCny, university, buyer, mark, sequences);
    }

    async Task<Guid> PublishAchievementAsync(Member university, Member bureau, string mark, CancellationToken ct)
    {
        var (id, registrationNo) = await TrialMarket.PublishAsync(university, bureau, new
        {
            title = $"高安全固液混合锂离子储能电池及热失控抑制技术 {mark}",
            summary = "采用原位固化电解质与陶瓷涂层隔膜，抑制锂枝晶与热失控，循环寿命超过八千次，适用于电网侧与工商业储能。",
            description = "包含电解质配方、隔膜涂布工艺、电芯装配与化成制度，已完成百千瓦时级示范。",
            category = "applied_technology",
            keywords = new[] { "锂离子电池", "固液混合电解质", "热失控" },
            techField = "new_energy_saving",
            industryCode = "C3841",
            regionCode = "510100",
            trl = 7,
            transferModes = new[] { "assignment", "licence_exclusive" },
            intellectualProperty = new[] { new { kind = "invention", number = PatentNumbers.NewInvention() } },
            completers = new[] { new { name = "沈砚秋", sharePercent = 60.00m }, new { name = "陆文博", sharePercent = 40.00m } },
            fundingSource = "provincial_plan",
            evidence = new[]
            {
                new { kind = "evaluation_certificate", title = "科技成果评价报告" }, new { kind = "development_report", title = "研制报告" },
            },
            rights = new { pledged = false, disputed = false, priorLicences = Array.Empty<string>() },
            askingPrice = TrialOrganisations.Cny(StartPriceCny),
        }, ct);
        step($"成果登记并发布，登记号 {registrationNo}", $"Achievement screened, registered ({registrationNo}) and published");
        return id;
    }

    async Task SearchAsync(Guid achievementId, string mark, CancellationToken ct)
    {
        var path = $"/api/achievements?q={Uri.EscapeDataString($"锂离子电池 热失控 {mark}")}&techField=new_energy_saving&regionCode=510000&trlMin=5&limit=10";
        var found = await operators.Another().GetUntilAsync(path, answer => Contains(answer, "id", achievementId), Patience, ct);
        step($"检索「锂离子电池 热失控」找到它，共 {found["total"]} 条", $"A search finds it among {found["total"]}");
    }

    async Task<Guid> MatchNeedAsync(Member buyer, Guid achievementId, CancellationToken ct)
    {
        var need = await buyer.Client.PostAsync("/api/needs", new
        {
            title = "储能电站用高安全锂离子电池热失控防护技术",
            problem = "现有磷酸铁锂储能电芯在过充与内短路时存在热失控风险，需要本质安全的电解质或隔膜方案，并可在现有产线上实施。",
            indicators = new[] { new { name = "循环寿命", target = "≥8000", unit = "次" }, new { name = "针刺试验", target = "不起火、不爆炸", unit = "" } },
            techField = "new_energy_saving",
            industryCode = "C3841",
            regionCode = "341623",
            cooperationModes = new[] { "assignment", "licence_exclusive" },
            budget = new { min = TrialOrganisations.Cny(800_000m), max = TrialOrganisations.Cny(2_000_000m) },
            deadline = DateTimeOffset.UtcNow.AddDays(180).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        }, ct);
        var id = (Guid)need["id"]!;
        var matches = await buyer.Client.GetUntilAsync(
            $"/api/needs/{id}/matches?limit=50", answer => Contains(answer, "achievementId", achievementId), Patience, ct);
        var items = matches["items"]!.AsArray();
        var place = 1 + items.Select(item => (Guid)item!["achievementId"]!).ToList().IndexOf(achievementId);
        var why = string.Join("、", items[place - 1]!["reasons"]!.AsArray().Take(3).Select(reason => (string)reason!["factor"]!));
        step($"企业需求匹配到该成果，排第 {place}（{why}）", $"The need is matched with it at place {place} ({why})");
        return id;
    }

    async Task<(Guid AuctionId, decimal PriceCny, IReadOnlyList<long> Sequences)> AuctionAsync(
        Member university, Member buyer, Member rival, Guid achievementId, CancellationToken ct)
    {
        var id = await TrialMarket.ListForAuctionAsync(
            university, achievementId, new TrialMarket.Terms("assignment", StartPriceCny, IncrementCny, DepositCny, FreePeriod, 2), ct);
        foreach (var bidder in new[] { buyer, rival }) await TrialMarket.QualifyAsync(operators, bidder, id, DepositCny, ct);
        step("挂牌竞价，两家企业缴纳保证金并取得资格", "Listed for auction; two bidders have paid their deposits and qualified");
        await buyer.Client.GetUntilAsync($"/api/auctions/{id}", answer => (string)answer["status"]! == "bidding", Patience, ct);
        List<long> sequences = [];
        var priceCny = StartPriceCny;
        foreach (var (bidder, amount) in new[] { (rival, StartPriceCny), (buyer, 1_030_000m), (rival, 1_050_000m), (buyer, 1_180_000m) })
        {
            var bid = await bidder.Client.PostAsync($"/api/auctions/{id}/bids", new { amount = TrialOrganisations.Cny(amount) }, ct);
            sequences.Add((long)bid["sequence"]!);
            priceCny = amount;
        }

        var awarded = await buyer.Client.GetUntilAsync($"/api/auctions/{id}", answer => (string)answer["status"]! is "awarded" or "failed", Patience, ct);
        if ((string)awarded["status"]! != "awarded") throw new InvalidOperationException($"The auction was not awarded: {awarded.ToJsonString()}");
        step($"竞价结束，成交价 {priceCny:N2} 元", $"The auction is awarded at {priceCny:N2} yuan");
        return (id, priceCny, sequences);
    }

    async Task<Guid> DealAsync(Member buyer, Guid auctionId, CancellationToken ct)
    {
        var id = await TrialMarket.DealAsync(buyer, auctionId, Patience, ct);
        step($"成交记录 {id}", $"The deal is {id}");
        return id;
    }

    async Task<(Guid ContractId, string RegistrationNumber)> RegisterContractAsync(
        Member university, Member buyer, Member registry, Member registrarB, Guid dealId, CancellationToken ct)
    {
        var id = await TrialMarket.SignAsync(university, buyer, dealId, Patience, ct);
        step("技术合同草案由成交记录自动生成，卖方、买方先后签署", "The contract is drafted from the deal, nothing typed twice, and signed by seller and buyer");
        await registry.Client.PostAsync($"/api/contracts/{id}/acceptance", new { }, ct);
        await registry.Client.PostAsync($"/api/contracts/{id}/examination", new { }, ct);
        step("登记机构受理并审查（甲登记员）", "Accepted and examined by registrar A");
        try
        {
            await registry.Client.PostAsync($"/api/contracts/{id}/approval", new { }, ct);
            throw new InvalidOperationException("Registrar A approved what he had examined himself.");
        }
        catch (MarketException problem) when (problem.Status is 403 or 409)
        {
            step("甲登记员不得自审自批（已被拒绝）", "Registrar A may not approve it himself (refused)");
        }

        var approved = await registrarB.Client.PostAsync($"/api/contracts/{id}/approval", new { }, ct);
        var number = (string)approved["registrationNumber"]!;
        step($"乙登记员批准，认定登记编号 {number}", $"Approved by registrar B: registration number {number}");
        return (id, number);
    }

    async Task StatisticsAsync(MarketClient anyone, CancellationToken ct)
    {
        var now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        var period = string.Create(CultureInfo.InvariantCulture, $"{now.Year}-Q{(now.Month + 2) / 3}");
        var figures = await anyone.GetUntilAsync(
            $"/api/statistics/contracts?period={period}&regionCode=510100", answer => (int)answer["count"]! > 0, Patience, ct);
        step($"{period} 成都市：技术合同 {figures["count"]} 项，成交额 {figures["value"]!["amount"]} 元",
            $"{period}, Chengdu: {figures["count"]} contracts worth {figures["value"]!["amount"]} yuan");
    }

    static bool Contains(JsonNode answer, string field, Guid id) => answer["items"]!.AsArray().Any(item => (Guid)item![field]! == id);
}

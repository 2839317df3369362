using System.Globalization;
using System.Text.Json.Nodes;

namespace TechMarket.Tools;

/// <summary>A small made-up market to look at: organisations of every side, published achievements, open needs, a running auction and
/// registered contracts. It is loaded by the public API, so everything in it went the way that everything goes.</summary>
/// <param name="operators">An operator, signed in.</param>
/// <param name="password">The password of all its people.</param>
/// <param name="progress">Told how much is done, 0 to 100, and what is being done: in Chinese, in English.</param>
public sealed class DemonstrationMarket(MarketClient operators, string password, Action<int, string, string> progress)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan ConcludedFreePeriod = TimeSpan.FromSeconds(8);

    readonly JsonNode market = Read();
    readonly Dictionary<string, Member> members = [];
    readonly List<Guid> achievements = [];

    /// <summary>Who can sign in to it: role in words, e-mail address. They share one password.</summary>
    public static IReadOnlyList<(string Chinese, string English, string Email)> People { get; } =
    [
        ("高校（成果持有人）", "university (provider)", Email("university")),
        ("企业（需求方、竞买人）", "enterprise (seeker, bidder)", Email("battery")),
        ("技术经纪机构", "broker", Email("broker")),
        ("科技主管部门", "bureau", Email("bureau")),
        ("技术合同登记处", "registry (registrar)", Email("registry")),
    ];

    /// <summary>Loads it.</summary>
    /// <exception cref="MarketException">A step was refused.</exception>
    public async Task LoadAsync(CancellationToken ct)
    {
        await new TrialMarket(operators).OpenAsync((_, _) => { }, ct);
        await JoinAsync(ct);
        await PublishAsync(ct);
        await PostNeedsAsync(ct);
        var contracts = await Task.WhenAll(market["auctions"]!.AsArray().Select(auction => AuctionAsync(auction!, ct)));
        progress(90, "登记技术合同", "Registering contracts");
        foreach (var auction in contracts.OfType<Concluded>()) await RegisterAsync(auction, ct);
        progress(100, "演示市场已就绪", "The demonstration market is ready");
    }

    sealed record Concluded(Guid Auction, Member Seller, Member Buyer);

    async Task JoinAsync(CancellationToken ct)
    {
        var organisations = market["organisations"]!.AsArray();
        foreach (var (organisation, i) in organisations.Select((organisation, i) => (organisation!, i)))
        {
            progress(i * 30 / organisations.Count, "单位注册与核验", "Organisations join and are verified");
            var key = (string)organisation["key"]!;
            var member = await TrialOrganisations.JoinAsync(
                operators, (string)organisation["kind"]!, (string)organisation["name"]!, (string)organisation["regionCode"]!,
                (string)organisation["person"]!, Email(key), password, ct);
            members[key] = member;
            if ((string?)organisation["colleague"] is not { } colleague) continue;
            members[$"{key}.colleague"] =
                await TrialOrganisations.AddColleagueAsync(member, colleague, [(string)organisation["kind"]! == "registry" ? "registrar" : "bureau"],
                    Email($"{key}.colleague"), password, ct);
        }
    }

    async Task PublishAsync(CancellationToken ct)
    {
        var items = market["achievements"]!.AsArray();
        foreach (var (item, i) in items.Select((item, i) => (item!, i)))
        {
            progress(30 + (i * 30 / items.Count), "成果登记与发布", "Achievements are registered and published");
            var owner = members[(string)item["owner"]!];
            var completers = item["completers"]!.AsArray();
            var share = Math.Round(100m / completers.Count, 2);
            var body = Copy(item, "title", "summary", "description", "keywords", "techField", "industryCode", "trl", "transferModes", "fundingSource");
            body["category"] = "applied_technology";
            body["regionCode"] = Organisation(item)["regionCode"]!.DeepClone();
            body["intellectualProperty"] = new JsonArray(new JsonObject
            {
                ["kind"] = "invention",
                ["number"] = PatentNumbers.WithCheck((string)item["patent"]!),
            });
            body["completers"] = new JsonArray([.. completers.Select((name, n) => (JsonNode)new JsonObject
            {
                ["name"] = (string)name!, ["sharePercent"] = n == 0 ? 100m - (share * (completers.Count - 1)) : share,
            })]);
            body["evidence"] = new JsonArray(Evidence("evaluation_certificate", "科技成果评价报告"), Evidence("development_report", "研制报告"));
            body["rights"] = new JsonObject { ["pledged"] = false, ["disputed"] = false, ["priorLicences"] = new JsonArray() };
            body["askingPrice"] = TrialOrganisations.Cny((decimal)item["askingPrice"]!);
            var (id, _) = await TrialMarket.PublishAsync(owner, members["bureau"], body, ct);
            achievements.Add(id);
        }
    }

    async Task PostNeedsAsync(CancellationToken ct)
    {
        progress(60, "企业发布需求", "Enterprises post their needs");
        foreach (var need in market["needs"]!.AsArray())
        {
            var body = Copy(need!, "title", "problem", "indicators", "techField", "industryCode", "cooperationModes");
            body["regionCode"] = Organisation(need!)["regionCode"]!.DeepClone();
            body["budget"] = new JsonObject
            {
                ["min"] = TrialOrganisations.Cny((decimal)need!["budgetMin"]!),
                ["max"] = TrialOrganisations.Cny((decimal)need["budgetMax"]!),
            };
            body["deadline"] = DateTimeOffset.UtcNow.AddDays((int)need["days"]!).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await members[(string)need["owner"]!].Client.PostAsync("/api/needs", body, ct);
        }
    }

    /// <summary>An auction of some days stays open with its first bids; one of no days is over in seconds and gives a deal.</summary>
    async Task<Concluded?> AuctionAsync(JsonNode auction, CancellationToken ct)
    {
        progress(65, "挂牌竞价", "Auctions");
        var number = (int)auction["achievement"]!;
        var seller = members[(string)market["achievements"]![number]!["owner"]!];
        var days = (int)auction["days"]!;
        var id = await TrialMarket.ListForAuctionAsync(seller, achievements[number], new TrialMarket.Terms(
            (string)auction["transferMode"]!, (decimal)auction["startPrice"]!, (decimal)auction["increment"]!, (decimal)auction["deposit"]!,
            days > 0 ? TimeSpan.FromDays(days) : ConcludedFreePeriod, days > 0 ? 300 : 2), ct);
        var bidders = auction["bidders"]!.AsArray().Select(key => members[(string)key!]).ToList();
        foreach (var bidder in bidders) await TrialMarket.QualifyAsync(operators, bidder, id, (decimal)auction["deposit"]!, ct);
        await operators.GetUntilAsync($"/api/auctions/{id}", answer => (string)answer["status"]! == "bidding", Patience, ct);
        var leader = "";
        foreach (var bid in auction["bids"]!.AsArray())
        {
            leader = (string)bid![0]!;
            await members[leader].Client.PostAsync($"/api/auctions/{id}/bids", new { amount = TrialOrganisations.Cny((decimal)bid[1]!) }, ct);
        }

        return days > 0 ? null : new Concluded(id, seller, members[leader]);
    }

    async Task RegisterAsync(Concluded auction, CancellationToken ct)
    {
        var dealId = await TrialMarket.DealAsync(auction.Buyer, auction.Auction, Patience, ct);
        var contractId = await TrialMarket.SignAsync(auction.Seller, auction.Buyer, dealId, Patience, ct);
        await members["registry"].Client.PostAsync($"/api/contracts/{contractId}/acceptance", new { }, ct);
        await members["registry"].Client.PostAsync($"/api/contracts/{contractId}/examination", new { }, ct);
        await members["registry.colleague"].Client.PostAsync($"/api/contracts/{contractId}/approval", new { }, ct);
    }

    JsonNode Organisation(JsonNode item) =>
        market["organisations"]!.AsArray().Single(organisation => (string)organisation!["key"]! == (string)item["owner"]!)!;

    static JsonObject Copy(JsonNode from, params string[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field, from[field]?.DeepClone())));

    static JsonObject Evidence(string kind, string title) => new() { ["kind"] = kind, ["title"] = title };

    static string Email(string key) => $"{key}@demo.example.org";

    static JsonNode Read()
    {
        using var stream = typeof(DemonstrationMarket).Assembly.GetManifestResourceStream("TechMarket.Tools.Data.demonstration.json")!;
        return JsonNode.Parse(stream)!;
    }
}

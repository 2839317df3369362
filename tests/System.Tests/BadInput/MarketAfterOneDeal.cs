using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TechMarket.Tools;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>A standalone market on which every kind of thing exists: an applicant, a draft, an open auction, a need, a contract in draft.</summary>
public sealed class MarketAfterOneDeal : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly HttpClient http = new();
    readonly Dictionary<string, GoodPost> posts = [];
    Platform platform = null!;
    Func<Task<string>> state = null!;

    /// <summary>The POSTs of the main job.</summary>
    public static readonly string[] Names =
    [
        "organisations", "tokens", "verification", "users", "achievements", "achievement submission", "screening", "registration", "publication",
        "achievement imports", "needs", "need imports", "auctions", "bidder-registrations", "deposit", "bids", "signature", "contract submission",
        "acceptance", "examination", "approval", "parameters",
    ];

    /// <summary>A call that would be taken, by a caller who may make it.</summary>
    /// <param name="Path">The route.</param>
    /// <param name="Id">The id in it; empty when there is none.</param>
    /// <param name="Caller">Who may; null for anyone.</param>
    /// <param name="Good">A body that is right.</param>
    /// <param name="Required">Top-level fields that must not be missing.</param>
    /// <param name="Strangers">Who may not, in words and as callers (null: not signed in).</param>
    public sealed record GoodPost(
        string Path, string Id, MarketClient? Caller, JsonObject Good, IReadOnlyCollection<string> Required,
        IReadOnlyList<(string Who, MarketClient? Caller)> Strangers);

    /// <summary>The POST of a name.</summary>
    public GoodPost Post(string name) => posts[name];

    /// <summary>Everything that a bad request could have changed, as text.</summary>
    public Task<string> StateAsync() => state();

    /// <summary>Sends a body as it is.</summary>
    public async Task<(int Status, string Text)> SendAsync(string path, string body, MarketClient? caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Address, path))
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.AcceptLanguage.ParseAdd("en");
        if (caller?.AccessToken is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        // The sweep calls faster than anybody may.
        platform = await Platform.StartStandaloneAsync(environment: new Dictionary<string, string?>
        {
            ["Limits__RequestsPerSecond"] = "0",
            ["Limits__SignUpsPerMinute"] = "0",
            ["Limits__SignInsPerMinute"] = "0",
        });
        var operators = await platform.SignInOperatorAsync(Patience);
        var anyone = operators.Another();
        await new TrialMarket(operators).OpenAsync((_, _) => { }, ct);
        Task<Member> Join(string kind, string region) => TrialOrganisations.JoinAsync(operators, kind, $"试验{kind}{Guid.NewGuid():N}"[..20], region, "张三", ct);
        var university = await Join("university", "510100");
        var otherUniversity = await Join("university", "510700");
        var enterprise = await Join("enterprise", "341623");
        var otherEnterprise = await Join("enterprise", "510600");
        var bureau = await Join("bureau", "510000");
        var foreignBureau = await Join("bureau", "650000");
        var registry = await Join("registry", "510000");
        var foreignRegistry = await Join("registry", "650000");
        var applicant = (Guid)(await anyone.PostAsync("/api/organisations", Organisation("applicant"), ct))["id"]!;

        var (published, _) = await TrialMarket.PublishAsync(university, bureau, Achievement(), ct);
        var (sold, _) = await TrialMarket.PublishAsync(university, bureau, Achievement(), ct);
        var draft = (Guid)(await university.Client.PostAsync("/api/achievements", Achievement(), ct))["id"]!;
        var need = (Guid)(await enterprise.Client.PostAsync("/api/needs", Need(), ct))["id"]!;
        var terms = new TrialMarket.Terms("assignment", 100_000m, 1_000m, 10_000m, TimeSpan.FromHours(2), 300);
        var auction = await TrialMarket.ListForAuctionAsync(university, published, terms, ct);
        await TrialMarket.QualifyAsync(operators, enterprise, auction, 10_000m, ct);
        var registration = (Guid)(await otherEnterprise.Client.PostAsync($"/api/auctions/{auction}/bidder-registrations", new { }, ct))["id"]!;
        var contract = await ContractAsync(university, enterprise, operators, sold, terms with { FreePeriod = TimeSpan.FromSeconds(4), CycleSeconds = 1 }, ct);

        void Add(string name, string path, object? id, MarketClient? caller, JsonObject good, string[] required, params (string, MarketClient?)[] strangers) =>
            posts[name] = new GoodPost(path, id?.ToString() ?? "", caller, good, required, strangers);
        (string, MarketClient?) nobody = ("nobody", null);
        Add("organisations", "/api/organisations", null, null, Organisation("another"), ["name", "kind", "uscc", "regionCode", "admin"]);
        Add("tokens", "/api/tokens", null, null, Of(new { email = "nobody@example.org", password = "wrong password 1" }), ["email", "password"]);
        Add("verification", $"/api/organisations/{applicant}/verification", applicant, operators, Of(new { decision = "verified", reason = "ok" }),
            ["decision"], nobody, ("university", university.Client), ("bureau", bureau.Client));
        Add("users", "/api/users", null, university.Client,
            Of(new { name = "李四", email = $"li.{Guid.NewGuid():N}@example.org", password = "a long password 1", roles = new[] { "provider" } }),
            ["name", "email", "password", "roles"], nobody);
        Add("achievements", "/api/achievements", null, university.Client, Achievement(),
            ["title", "summary", "category", "transferModes", "intellectualProperty", "completers"],
            nobody, ("bureau", bureau.Client), ("registry", registry.Client));
        foreach (var (name, action, caller, good) in new[]
        {
            ("achievement submission", "submission", university.Client, new JsonObject()),
            ("screening", "screening", bureau.Client, Of(new { conclusion = "public", note = "不涉密" })),
            ("registration", "registration", bureau.Client, Of(new { decision = "registered" })),
            ("publication", "publication", university.Client, new JsonObject()),
        })
        {
            Add(name, $"/api/achievements/{draft}/{action}", draft, caller, good, [.. good.Select(field => field.Key).Where(field => field != "note")],
                nobody, ("another university", otherUniversity.Client), ("an enterprise", enterprise.Client), ("a foreign bureau", foreignBureau.Client));
        }

        Add("achievement imports", "/api/achievements/imports", null, bureau.Client,
            Of(new { source = "sweep", items = new[] { new { sourceId = "1", title = "标题", summary = "摘要" } } }), ["source", "items"],
            nobody, ("university", university.Client), ("enterprise", enterprise.Client));
        Add("needs", "/api/needs", null, enterprise.Client, Need(), ["title", "problem"], nobody, ("bureau", bureau.Client), ("registry", registry.Client));
        Add("need imports", "/api/needs/imports", null, bureau.Client,
            Of(new { source = "sweep", items = new[] { new { sourceId = "1", title = "标题", problem = "问题" } } }), ["source", "items"],
            nobody, ("university", university.Client), ("enterprise", enterprise.Client));
        Add("auctions", "/api/auctions", null, university.Client, Auction(published),
            ["achievementId", "format", "transferMode", "startPrice", "increment", "deposit", "opensAt", "freePeriodEndsAt", "cycleSeconds"],
            nobody, ("another university", otherUniversity.Client), ("bureau", bureau.Client));
        Add("bidder-registrations", $"/api/auctions/{auction}/bidder-registrations", auction, enterprise.Client, [], [],
            nobody, ("the seller", university.Client), ("bureau", bureau.Client));
        Add("deposit", $"/api/auctions/{auction}/bidder-registrations/{registration}/deposit", registration, operators,
            Of(new { amount = TrialOrganisations.Cny(10_000m) }), ["amount"],
            nobody, ("the bidder", otherEnterprise.Client), ("the seller", university.Client));
        Add("bids", $"/api/auctions/{auction}/bids", auction, enterprise.Client, Of(new { amount = TrialOrganisations.Cny(100_000m) }), ["amount"],
            nobody, ("the seller", university.Client), ("a bidder without a deposit", otherEnterprise.Client), ("bureau", bureau.Client));
        Add("signature", $"/api/contracts/{contract}/signature", contract, university.Client, Of(new { accept = true }), ["accept"],
            nobody, ("another university", otherUniversity.Client), ("another enterprise", otherEnterprise.Client), ("registry", registry.Client));
        Add("contract submission", $"/api/contracts/{contract}/submission", contract, university.Client, [], [],
            nobody, ("another university", otherUniversity.Client), ("registry", registry.Client));
        foreach (var action in new[] { "acceptance", "examination", "approval" })
        {
            Add(action, $"/api/contracts/{contract}/{action}", contract, registry.Client, [], [],
                nobody, ("the seller", university.Client), ("a foreign registry", foreignRegistry.Client), ("bureau", bureau.Client));
        }

        Add("parameters", "/api/parameters/auctions", null, operators,
            Of(new { id = "auction.noticeDays", value = "0", validFrom = "2026-01-01", source = "sweep" }), ["id", "value", "validFrom", "source"],
            nobody, ("university", university.Client), ("bureau", bureau.Client));

        state = async () =>
        {
            var seen = new StringBuilder();
            foreach (var (client, path) in new[]
            {
                (operators, "/api/organisations?limit=100"), (university.Client, $"/api/achievements/{draft}"), (operators, "/api/achievements?q=试验&limit=100"),
                (enterprise.Client, "/api/needs?limit=100"), (enterprise.Client, $"/api/needs/{need}"), (operators, "/api/auctions?limit=100"),
                (operators, $"/api/auctions/{auction}/log"), (university.Client, $"/api/contracts/{contract}"), (operators, "/api/parameters/auctions"),
            })
            {
                var answer = await client.GetAsync(path, ct);
                // What the clock alone changes is not what a request changes.
                foreach (var thing in (answer["items"] as JsonArray ?? []).OfType<JsonObject>()) thing.Remove("serverTime");
                (answer as JsonObject)?.Remove("serverTime");
                seen.Append(path).Append(' ').AppendLine(answer.ToJsonString());
            }

            return seen.ToString();
        };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await platform.DisposeAsync();
    }

    static async Task<Guid> ContractAsync(
        Member seller, Member buyer, MarketClient operators, Guid achievement, TrialMarket.Terms terms, CancellationToken ct)
    {
        var auction = await TrialMarket.ListForAuctionAsync(seller, achievement, terms, ct);
        await TrialMarket.QualifyAsync(operators, buyer, auction, terms.DepositCny, ct);
        await operators.GetUntilAsync($"/api/auctions/{auction}", answer => (string)answer["status"]! == "bidding", Patience, ct);
        await buyer.Client.PostAsync($"/api/auctions/{auction}/bids", new { amount = TrialOrganisations.Cny(terms.StartPriceCny) }, ct);
        var deal = await TrialMarket.DealAsync(buyer, auction, Patience, ct);
        var drafts = await seller.Client.GetUntilAsync($"/api/contracts?dealId={deal}", answer => answer["items"]!.AsArray().Count > 0, Patience, ct);
        return (Guid)drafts["items"]![0]!["id"]!;
    }

    static JsonObject Of(object value) => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web)!.AsObject();

    static JsonObject Organisation(string who) => Of(new
    {
        name = $"试验单位{who}{Guid.NewGuid():N}"[..20],
        kind = "enterprise",
        uscc = TrialOrganisations.NewUscc("enterprise", "510100"),
        regionCode = "510100",
        admin = new { name = "王五", email = $"{who}.{Guid.NewGuid():N}@example.org", password = "a long password 1" },
    });

    static JsonObject Achievement() => Of(new
    {
        title = "试验成果",
        summary = "试验摘要",
        description = "试验说明",
        category = "applied_technology",
        keywords = new[] { "试验" },
        techField = "new_materials",
        industryCode = "C3841",
        regionCode = "510100",
        trl = 6,
        transferModes = new[] { "assignment" },
        intellectualProperty = new[] { new { kind = "invention", number = PatentNumbers.NewInvention() } },
        completers = new[] { new { name = "张三", sharePercent = 100.00m } },
        fundingSource = "provincial_plan",
        evidence = new[] { new { kind = "evaluation_certificate", title = "评价" }, new { kind = "development_report", title = "报告" } },
        rights = new { pledged = false, disputed = false, priorLicences = Array.Empty<string>() },
        askingPrice = TrialOrganisations.Cny(100_000m),
    });

    static JsonObject Need() => Of(new
    {
        title = "试验需求",
        problem = "需要一种试验方法",
        indicators = new[] { new { name = "合格率", target = "≥95", unit = "%" } },
        techField = "new_materials",
        industryCode = "C3841",
        regionCode = "341623",
        cooperationModes = new[] { "assignment" },
        budget = new { min = TrialOrganisations.Cny(10_000m), max = TrialOrganisations.Cny(20_000m) },
        deadline = "2030-12-31",
    });

    static JsonObject Auction(Guid achievementId) => Of(new
    {
        achievementId,
        format = "multi_round",
        transferMode = "assignment",
        startPrice = TrialOrganisations.Cny(100_000m),
        increment = TrialOrganisations.Cny(1_000m),
        deposit = TrialOrganisations.Cny(10_000m),
        opensAt = "2030-01-01T01:00:00Z",
        freePeriodEndsAt = "2030-01-01T08:00:00Z",
        cycleSeconds = 300,
    });
}

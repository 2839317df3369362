using System.Text.Json.Nodes;
using TechMarket.Tools;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>What a deal must have left on the market: everything that was answered, and nothing twice.</summary>
static class DealRecord
{
    public static async Task CheckAsync(DemoDeal.Outcome outcome, MarketClient operators, CancellationToken ct)
    {
        var anyone = operators.Another();
        Assert.Matches(@"^\d{16}$", outcome.RegistrationNumber);
        Assert.Equal(outcome.RegistrationNumber, (string?)outcome.Certificate["registrationNumber"]);
        Assert.Equal(64, ((string)outcome.Certificate["hash"]!).Length);
        var again = await anyone.GetAsync($"/api/certificates/{outcome.RegistrationNumber}", ct);
        Assert.Equal(outcome.Certificate.ToJsonString(), again.ToJsonString());

        var auction = await anyone.GetAsync($"/api/auctions/{outcome.AuctionId}", ct);
        Assert.Contains((string)auction["status"]!, new[] { "awarded", "closed" });
        var accepted = (await AllAsync(anyone, $"/api/auctions/{outcome.AuctionId}/log?limit=100", ct))
            .Where(record => (string?)record["kind"] is null or "bid").Where(record => (bool?)record["accepted"] == true).ToList();
        Assert.Equal(outcome.BidSequences, accepted.Select(record => (long)record["sequence"]!));

        Assert.Single((await outcome.Buyer.Client.GetAsync($"/api/deals?auctionId={outcome.AuctionId}", ct))["items"]!.AsArray());
        var contract = Assert.Single((await outcome.Seller.Client.GetAsync($"/api/contracts?dealId={outcome.DealId}", ct))["items"]!.AsArray())!;
        Assert.Equal("registered", (string?)contract["status"]);
        Assert.Equal(outcome.ContractId, (Guid)contract["id"]!);
        Assert.Equal(outcome.PriceCny.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), (string?)contract["value"]!["amount"]);

        var organisations = await AllAsync(operators, "/api/organisations?limit=100", ct);
        Assert.Single(organisations, organisation => (string?)organisation["name"] == outcome.Seller.Name);
        Assert.Single(organisations, organisation => (string?)organisation["name"] == outcome.Buyer.Name);
        var mine = await AllAsync(outcome.Seller.Client, $"/api/achievements?q={Uri.EscapeDataString(outcome.Mark)}&limit=100", ct);
        Assert.Single(mine, achievement => ((string)achievement["title"]!).Contains(outcome.Mark, StringComparison.Ordinal));
    }

    /// <summary>Every item of a list, page by page.</summary>
    static async Task<List<JsonNode>> AllAsync(MarketClient client, string path, CancellationToken ct)
    {
        List<JsonNode> items = [];
        string? cursor = null;
        do
        {
            var page = await client.GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", ct);
            items.AddRange(page["items"]!.AsArray().Select(item => item!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        return items;
    }
}

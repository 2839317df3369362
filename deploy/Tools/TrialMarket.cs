using System.Globalization;

namespace TechMarket.Tools;

/// <summary>The steps of a deal, each by the public API, as a demonstration and the tests take them.</summary>
/// <param name="operators">An operator, signed in.</param>
public sealed class TrialMarket(MarketClient operators)
{
    static readonly (string Service, string Parameter)[] NoticePeriods =
        [("auctions", "auction.noticeDays"), ("auctions", "listing.noticeWd"), ("listings", "publicity.minDays")];

    /// <summary>What is offered at an auction.</summary>
    /// <param name="TransferMode">assignment, licence_exclusive …</param>
    /// <param name="StartPriceCny">The lowest first bid.</param>
    /// <param name="IncrementCny">The least step.</param>
    /// <param name="DepositCny">What a bidder pays beforehand.</param>
    /// <param name="FreePeriod">How long it is open before the timed cycles.</param>
    /// <param name="CycleSeconds">The length of a timed cycle.</param>
    public sealed record Terms(
        string TransferMode, decimal StartPriceCny, decimal IncrementCny, decimal DepositCny, TimeSpan FreePeriod, int CycleSeconds);

    /// <summary>On a trial market nothing waits for legal notice periods; a market that already says so is left alone.</summary>
    public async Task OpenAsync(Action<string, string> step, CancellationToken ct)
    {
        foreach (var (service, id) in NoticePeriods)
        {
            var set = (await operators.GetAsync($"/api/parameters/{service}", ct))["items"]!.AsArray()
                .LastOrDefault(item => (string)item!["id"]! == id && (string)item["setBy"]! == "operator");
            if ((string?)set?["value"] == "0") continue;
            var today = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await operators.PostAsync($"/api/parameters/{service}", new { id, value = "0", validFrom = today, source = "演示市场" }, ct);
            step($"演示市场：{id} 设为 0", $"A trial market: {id} is set to 0");
        }
    }

    /// <summary>Carries a draft through submission, screening and registration to publication.</summary>
    /// <returns>Its id and registration number.</returns>
    public static async Task<(Guid Id, string RegistrationNo)> PublishAsync(Member provider, Member bureau, object achievement, CancellationToken ct)
    {
        var id = (Guid)(await provider.Client.PostAsync("/api/achievements", achievement, ct))["id"]!;
        await provider.Client.PostAsync($"/api/achievements/{id}/submission", new { }, ct);
        await bureau.Client.PostAsync($"/api/achievements/{id}/screening", new { conclusion = "public", note = "不涉密，可公开" }, ct);
        var registered = await bureau.Client.PostAsync($"/api/achievements/{id}/registration", new { decision = "registered" }, ct);
        await provider.Client.PostAsync($"/api/achievements/{id}/publication", new { }, ct);
        return (id, (string)registered["registrationNo"]!);
    }

    /// <summary>Puts an achievement up for auction, to open in a second.</summary>
    public static async Task<Guid> ListForAuctionAsync(Member seller, Guid achievementId, Terms terms, CancellationToken ct)
    {
        var opensAt = DateTimeOffset.UtcNow.AddSeconds(1);
        var auction = await seller.Client.PostAsync("/api/auctions", new
        {
            achievementId,
            format = "multi_round",
            transferMode = terms.TransferMode,
            startPrice = TrialOrganisations.Cny(terms.StartPriceCny),
            increment = TrialOrganisations.Cny(terms.IncrementCny),
            deposit = TrialOrganisations.Cny(terms.DepositCny),
            opensAt,
            freePeriodEndsAt = opensAt + terms.FreePeriod,
            cycleSeconds = terms.CycleSeconds,
        }, ct);
        return (Guid)auction["id"]!;
    }

    /// <summary>Registers a bidder and has the operator confirm the deposit.</summary>
    public static async Task QualifyAsync(MarketClient operators, Member bidder, Guid auctionId, decimal depositCny, CancellationToken ct)
    {
        var registration = await bidder.Client.PostAsync($"/api/auctions/{auctionId}/bidder-registrations", new { }, ct);
        await operators.PostAsync($"/api/auctions/{auctionId}/bidder-registrations/{registration["id"]}/deposit",
            new { amount = TrialOrganisations.Cny(depositCny) }, ct);
    }

    /// <summary>Waits for the deal of an auction.</summary>
    public static async Task<Guid> DealAsync(Member party, Guid auctionId, TimeSpan patience, CancellationToken ct)
    {
        var deals = await party.Client.GetUntilAsync($"/api/deals?auctionId={auctionId}", answer => answer["items"]!.AsArray().Count > 0, patience, ct);
        return (Guid)deals["items"]![0]!["id"]!;
    }

    /// <summary>Waits for the draft of a deal, has both sides sign it and the seller submit it.</summary>
    public static async Task<Guid> SignAsync(Member seller, Member buyer, Guid dealId, TimeSpan patience, CancellationToken ct)
    {
        var drafts = await seller.Client.GetUntilAsync($"/api/contracts?dealId={dealId}", answer => answer["items"]!.AsArray().Count > 0, patience, ct);
        var id = (Guid)drafts["items"]![0]!["id"]!;
        await seller.Client.PostAsync($"/api/contracts/{id}/signature", new { accept = true }, ct);
        await buyer.Client.PostAsync($"/api/contracts/{id}/signature", new { accept = true }, ct);
        await seller.Client.PostAsync($"/api/contracts/{id}/submission", new { }, ct);
        return id;
    }
}

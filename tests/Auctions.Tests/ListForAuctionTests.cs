using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Auctions.Tests;

public sealed class ListForAuctionTests(AuctionsFixture fixture)
{
    readonly TestPerson seller = TestPerson.Provider();

    [Fact]
    public async Task A_lot_is_listed_and_announced()
    {
        var achievement = await fixture.AchievementAsync(seller);
        var reply = await ListAsync(seller, achievement, TimeSpan.FromHours(1));
        reply.Expect(201);
        Assert.Equal("listed", (string)reply["status"]!);
        Assert.Equal("1000000.00", (string)reply["minimumBid"]!["amount"]!);
        var listed = Assert.Single(await fixture.Service.PublishedAsync<AuctionListed>(), e => e.AuctionId == reply.Id);
        Assert.Equal((achievement, seller.OrganisationId, 1_000_000m), (listed.AchievementId, listed.SellerOrganisationId, listed.StartPriceCny));
    }

    [Fact]
    public async Task Another_organisation_s_achievement_is_not_listed()
    {
        var achievement = await fixture.AchievementAsync(seller);
        Assert.Equal("achievement-not-yours", (await ListAsync(TestPerson.Provider(), achievement)).Expect(403).Problem);
    }

    [Fact]
    public async Task One_that_is_not_registered_or_disputed_or_withdrawn_is_not_listed()
    {
        var imported = AuctionsFixture.Published(seller) with { RegistrationNo = null, Origin = new OriginFact("somewhere", "1", "外部大学") };
        await fixture.Service.DeliverAsync(imported.AchievementId, imported);
        Assert.Equal("achievement-not-registered", (await ListAsync(seller, imported.AchievementId)).Expect(409).Problem);

        var disputed = AuctionsFixture.Published(seller) with { Rights = new RightsFact(false, true, []) };
        await fixture.Service.DeliverAsync(disputed.AchievementId, disputed);
        Assert.Equal("achievement-disputed", (await ListAsync(seller, disputed.AchievementId)).Expect(409).Problem);

        var withdrawn = await fixture.AchievementAsync(seller);
        await fixture.Service.DeliverAsync(withdrawn, new AchievementWithdrawn(withdrawn, 2, "gone", DateTimeOffset.UtcNow));
        Assert.Equal("not-yet-known", (await ListAsync(seller, withdrawn)).Expect(409).Problem);
    }

    [Fact]
    public async Task A_late_older_state_does_not_bring_a_withdrawn_one_back()
    {
        var published = AuctionsFixture.Published(seller);
        await fixture.Service.DeliverAsync(published.AchievementId, new AchievementWithdrawn(published.AchievementId, 2, "gone", DateTimeOffset.UtcNow));
        await fixture.Service.DeliverAsync(published.AchievementId, published);
        Assert.Equal("not-yet-known", (await ListAsync(seller, published.AchievementId)).Expect(409).Problem);
    }

    [Fact]
    public async Task One_achievement_has_one_open_exclusive_way_however_many_ask_at_once()
    {
        var achievement = await fixture.AchievementAsync(seller);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ListAsync(seller, achievement)));
        var won = Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply != won), reply => Assert.Equal("achievement-already-offered", reply.Expect(409).Problem));
    }

    [Fact]
    public async Task A_withdrawn_lot_makes_room_for_another_and_pays_its_bidders_back()
    {
        var achievement = await fixture.AchievementAsync(seller);
        var first = (await ListAsync(seller, achievement, TimeSpan.FromHours(1))).Expect(201).Id;
        await fixture.BidderAsync(first);
        (await fixture.Service.As(TestPerson.Provider()).PostAsync($"/api/auctions/{first}/withdrawal", new { reason = "改期" })).Expect(403);
        (await fixture.Service.As(seller).PostAsync($"/api/auctions/{first}/withdrawal", new { reason = "改期" })).Expect(200);
        (await fixture.Service.As(seller).PostAsync($"/api/auctions/{first}/withdrawal", new { reason = "改期" })).Expect(409);
        Assert.Equal("withdrawn", Assert.Single(await fixture.Service.PublishedAsync<AuctionFailed>(), e => e.AuctionId == first).Reason);
        Assert.Equal(["received 50000.00", "refund_due 50000.00"], await LedgerAsync(first));
        (await ListAsync(seller, achievement)).Expect(201);
    }

    [Fact]
    public async Task An_open_lot_is_not_withdrawn()
    {
        var auction = await fixture.AuctionAsync(seller);
        (await fixture.Service.As(seller).PostAsync($"/api/auctions/{auction}/withdrawal", new { reason = "反悔" })).Expect(409);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "achievementId", "null", "achievementId" },
        { "format", "\"roulette\"", "format" },
        { "transferMode", "\"gift\"", "transferMode" },
        { "startPrice", "\"0.00\"", "startPrice" },
        { "startPrice", "\"1.001\"", "startPrice" },
        { "increment", "\"0\"", "increment" },
        { "deposit", "\"-1\"", "deposit" },
        { "opensAt", "\"2020-01-01T00:00:00Z\"", "opensAt" },
        { "freePeriodEndsAt", "\"2020-01-01T00:00:00Z\"", "freePeriodEndsAt" },
        { "cycleSeconds", "0", "cycleSeconds" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_told_by_its_field(string field, string json, string expected)
    {
        var body = fixture.Body(await fixture.AchievementAsync(seller), TimeSpan.Zero, TimeSpan.Zero, 60);
        body[field] = JsonNode.Parse(json);
        Assert.NotNull((await fixture.Service.As(seller).PostAsync("/api/auctions", body)).Expect(400)["errors"]![expected]);
    }

    [Theory]
    [InlineData("500000.00")]
    [InlineData("1000000.00")]
    [InlineData("20000000.00")]
    public async Task Bidding_opens_after_both_notices(string startPrice)
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var auctions = new AuctionsFixture(own);
        own.Clock.Set(new DateTimeOffset(2026, 4, 20, 9, 0, 0, TimeSpan.FromHours(8)));
        var body = auctions.Body(await auctions.AchievementAsync(seller), TimeSpan.FromDays(1), TimeSpan.FromHours(1), 300);
        body["startPrice"] = startPrice;
        var refused = (await own.As(seller).PostAsync("/api/auctions", body)).Expect(409);
        Assert.Equal("notice-too-short", refused.Problem);
        var earliest = (DateTimeOffset)refused["facts"]!["earliest"]!;
        // 2026-04-20: 7 days end on 27 April, 5 working days earlier; 10 working days on 7 May, 20 on 20 May (holidays from 1 to 5 May).
        var lastDay = startPrice switch { "500000.00" => new DateOnly(2026, 4, 27), "1000000.00" => new DateOnly(2026, 5, 7), _ => new DateOnly(2026, 5, 20) };
        Assert.Equal(ShanghaiTime.EndOf(lastDay), earliest);
        body["opensAt"] = earliest.AddTicks(-10);
        body["freePeriodEndsAt"] = earliest.AddHours(1);
        (await own.As(seller).PostAsync("/api/auctions", body)).Expect(409);
        body["opensAt"] = earliest;
        (await own.As(seller).PostAsync("/api/auctions", body)).Expect(201);
    }

    [Fact]
    public async Task Lists_are_filtered_by_status()
    {
        var open = await fixture.AuctionAsync(seller);
        var later = (await ListAsync(seller, await fixture.AchievementAsync(seller), TimeSpan.FromDays(1))).Expect(201).Id;
        Assert.Contains(open, await IdsAsync("bidding"));
        Assert.DoesNotContain(later, await IdsAsync("bidding"));
        Assert.Contains(later, await IdsAsync("listed"));
        Assert.DoesNotContain(open, await IdsAsync("listed"));
        (await fixture.Service.As(null).GetAsync("/api/auctions?status=strange")).Expect(400);
    }

    Task<Reply> ListAsync(TestPerson person, Guid achievement, TimeSpan? opensIn = null) =>
        fixture.Service.As(person).PostAsync("/api/auctions", fixture.Body(achievement, opensIn ?? TimeSpan.Zero, TimeSpan.FromHours(1), 300));

    async Task<List<Guid>> IdsAsync(string status) =>
        [.. (await fixture.Service.As(null).GetAsync($"/api/auctions?status={status}&limit=100")).Expect(200)["items"]!
            .AsArray().Select(item => (Guid)item!["id"]!)];

    Task<IReadOnlyList<string>> LedgerAsync(Guid auction) => fixture.Service.RowsAsync<string>("""
        select e.kind || ' ' || e.amount from deposit_entry e join bidder_registration r on r.id = e.registration_id
        where r.auction_id = @auction order by e.kind
        """, new { auction });
}

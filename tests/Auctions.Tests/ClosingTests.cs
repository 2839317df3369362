using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Auctions.Tests;

public sealed class ClosingTests(AuctionsFixture fixture)
{
    readonly TestPerson seller = TestPerson.Provider();

    [Fact]
    public async Task The_highest_bidder_is_awarded_and_a_deal_announced()
    {
        var auction = await fixture.AuctionAsync(seller, TimeSpan.FromSeconds(1), cycleSeconds: 1);
        var (loser, _) = await fixture.BidderAsync(auction);
        var (winner, code) = await fixture.BidderAsync(auction);
        (await fixture.BidAsync(loser, auction, "1000000.00")).Expect(201);
        (await fixture.BidAsync(winner, auction, "1020000.00")).Expect(201);
        var seen = await fixture.UntilAsync(auction, "awarded");
        Assert.Equal(code, (string)seen["leaderCode"]!);
        (await fixture.BidAsync(loser, auction, "1030000.00")).Expect(409);

        var awarded = Assert.Single(await fixture.Service.PublishedAsync<AuctionAwarded>(), e => e.AuctionId == auction);
        Assert.Equal((winner.OrganisationId, 1_020_000m, 2), (awarded.WinnerOrganisationId, awarded.PriceCny, awarded.BidCount));
        var deal = Assert.Single(await fixture.Service.PublishedAsync<DealAgreed>(), e => e.AuctionId == auction);
        Assert.Equal((seller.OrganisationId, winner.OrganisationId, 1_020_000m, "assignment"),
            (deal.Seller.OrganisationId, deal.Buyer.OrganisationId, deal.PriceCny, deal.TransferMode));
        Assert.Equal(winner.Organisation.Uscc, deal.Buyer.Uscc);
        var log = (await fixture.LogAsync(auction))["items"]!.AsArray();
        Assert.Equal(("close", code, "awarded"), ((string)log[^1]!["kind"]!, (string)log[^1]!["bidderCode"]!, (string)log[^1]!["reason"]!));
        Assert.Equal(awarded.LogHeadHash, (string)log[^1]!["hash"]!);
        Assert.Equal(["offset_due", "received", "received", "refund_due"], await fixture.Service.RowsAsync<string>("""
            select e.kind from deposit_entry e join bidder_registration r on r.id = e.registration_id where r.auction_id = @auction order by e.kind
            """, new { auction }));

        await fixture.Service.DeliverAsync(Guid.NewGuid(), Registered(deal));
        Assert.Equal("closed", (string)(await fixture.Service.As(null).GetAsync($"/api/auctions/{auction}"))["status"]!);
    }

    [Fact]
    public async Task Without_a_bid_it_has_failed()
    {
        var achievement = await fixture.AchievementAsync(seller);
        var body = fixture.Body(achievement, TimeSpan.Zero, TimeSpan.Zero, 1);
        var auction = (await fixture.Service.As(seller).PostAsync("/api/auctions", body)).Expect(201).Id;
        await fixture.UntilAsync(auction, "failed");
        Assert.Equal("no_bid", Assert.Single(await fixture.Service.PublishedAsync<AuctionFailed>(), e => e.AuctionId == auction).Reason);
        Assert.DoesNotContain(await fixture.Service.PublishedAsync<DealAgreed>(), e => e.AuctionId == auction);
        // The way is free for another attempt.
        (await fixture.Service.As(seller).PostAsync("/api/auctions", fixture.Body(achievement, TimeSpan.Zero, TimeSpan.FromHours(1), 60))).Expect(201);
    }

    [Fact]
    public async Task A_bid_after_the_end_is_refused_however_late_the_closing_comes()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var auctions = new AuctionsFixture(own);
        await auctions.LiftNoticesAsync();
        var auction = await auctions.AuctionAsync(seller, TimeSpan.FromMinutes(10), 300);
        var (bidder, _) = await auctions.BidderAsync(auction);
        (await auctions.BidAsync(bidder, auction, "1000000.00")).Expect(201);
        own.Clock.Advance(TimeSpan.FromMinutes(12));
        var timed = (await auctions.BidAsync(bidder, auction, "1010000.00")).Expect(201);
        Assert.InRange((DateTimeOffset)timed["endsAt"]! - (DateTimeOffset)timed["receivedAt"]!, TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(300));
        own.Clock.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal("auction-closed", (await auctions.BidAsync(bidder, auction, "1020000.00")).Expect(409).Problem);
        var seen = await auctions.UntilAsync(auction, "awarded");
        Assert.Equal("1010000.00", (string)seen["currentPrice"]!["amount"]!);
    }

    [Fact]
    public async Task Bidding_opens_by_the_clock()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var auctions = new AuctionsFixture(own);
        await auctions.LiftNoticesAsync();
        var body = auctions.Body(await auctions.AchievementAsync(seller), TimeSpan.FromHours(2), TimeSpan.FromHours(1), 300);
        var auction = (await own.As(seller).PostAsync("/api/auctions", body)).Expect(201).Id;
        var (bidder, _) = await auctions.BidderAsync(auction);
        Assert.Equal("auction-not-open", (await auctions.BidAsync(bidder, auction, "1000000.00")).Expect(409).Problem);
        own.Clock.Advance(TimeSpan.FromHours(2));
        (await auctions.BidAsync(bidder, auction, "1000000.00")).Expect(201);
    }

    [Fact]
    public async Task An_end_that_came_while_the_service_was_down_is_closed_once_at_the_next_start()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var auctions = new AuctionsFixture(own);
        await auctions.LiftNoticesAsync();
        var auction = await auctions.AuctionAsync(seller, TimeSpan.FromMinutes(10), 300);
        var (bidder, _) = await auctions.BidderAsync(auction);
        (await auctions.BidAsync(bidder, auction, "1000000.00")).Expect(201);
        await own.RestartAsync();
        own.Clock.Advance(TimeSpan.FromHours(1));
        await auctions.UntilAsync(auction, "awarded");
        await own.RestartAsync();
        await auctions.UntilAsync(auction, "awarded");
        Assert.Single(await own.PublishedAsync<DealAgreed>(), e => e.AuctionId == auction);
        Assert.Single((await auctions.LogAsync(auction))["items"]!.AsArray(), record => (string)record!["kind"]! == "close");
    }

    static ContractRegistered Registered(DealAgreed deal) => new(
        Guid.CreateVersion7(), deal.DealId, deal.AchievementId, "2026510100000001", "technology_transfer", deal.Seller, deal.Buyer,
        deal.PriceCny, deal.PriceCny, new string('0', 64), DateTimeOffset.UtcNow);
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Auctions.Tests;

public sealed class BiddingTests(AuctionsFixture fixture)
{
    readonly TestPerson seller = TestPerson.Provider();

    [Fact]
    public async Task The_rules_answer_a_bid_and_the_log_keeps_it()
    {
        var auction = await fixture.AuctionAsync(seller);
        var (alice, aliceCode) = await fixture.BidderAsync(auction);
        var (bob, _) = await fixture.BidderAsync(auction);
        Assert.Equal("bid-below-minimum", (await fixture.BidAsync(alice, auction, "999999.99")).Expect(409).Problem);
        var first = (await fixture.BidAsync(alice, auction, "1000000.00")).Expect(201);
        Assert.Equal((2, true), ((int)first["sequence"]!, (bool)first["leading"]!));
        Assert.Equal(64, ((string)first["hash"]!).Length);
        Assert.Equal("bid-below-minimum", (await fixture.BidAsync(bob, auction, "1000000.00")).Expect(409).Problem);
        var refused = (await fixture.BidAsync(bob, auction, "1005000.00")).Expect(409);
        Assert.Equal("bid-off-increment", refused.Problem);
        Assert.Equal("1010000.00", (string)refused["facts"]!["minimum"]!["amount"]!);
        (await fixture.BidAsync(bob, auction, "1030000.00")).Expect(201);

        var seen = (await fixture.Service.As(null).GetAsync($"/api/auctions/{auction}")).Expect(200);
        Assert.Equal(("bidding", "free", "1030000.00", 2, 5),
            ((string)seen["status"]!, (string)seen["period"]!, (string)seen["currentPrice"]!["amount"]!, (int)seen["bidCount"]!, (int)seen["logCount"]!));
        var log = (await fixture.LogAsync(auction))["items"]!.AsArray();
        Assert.Equal([false, true, false, false, true], log.Select(record => (bool)record!["accepted"]!));
        Assert.Equal(["bid-below-minimum", "", "bid-below-minimum", "bid-off-increment", ""], log.Select(record => (string)record!["reason"]!));
        Assert.Equal(aliceCode, (string)log[0]!["bidderCode"]!);
        Assert.DoesNotContain(alice.OrganisationId.ToString(), log.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_bid_is_kept_out_and_not_logged()
    {
        var auction = await fixture.AuctionAsync(seller);
        var stranger = TestPerson.Seeker();
        Assert.Equal("bidder-not-qualified", (await fixture.BidAsync(stranger, auction, "1000000.00")).Expect(403).Problem);
        (await fixture.Service.As(stranger).PostAsync($"/api/auctions/{auction}/bidder-registrations", new { })).Expect(201);
        Assert.Equal("bidder-not-qualified", (await fixture.BidAsync(stranger, auction, "1000000.00")).Expect(403).Problem);
        var sellersBuyer = seller.Colleague("seeker");
        Assert.Equal("own-lot", (await fixture.BidAsync(sellersBuyer, auction, "1000000.00")).Expect(403).Problem);
        Assert.Equal("own-lot",
            (await fixture.Service.As(sellersBuyer).PostAsync($"/api/auctions/{auction}/bidder-registrations", new { })).Expect(403).Problem);
        (await fixture.BidAsync(seller, auction, "1000000.00")).Expect(403);
        (await fixture.Service.As(null).PostAsync($"/api/auctions/{auction}/bids", new { amount = "1000000.00" })).Expect(401);
        (await fixture.BidAsync(stranger, Guid.NewGuid(), "1000000.00")).Expect(404);
        Assert.Empty((await fixture.LogAsync(auction))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_deposit_may_come_in_parts_and_one_registers_once()
    {
        var auction = await fixture.AuctionAsync(seller);
        var bidder = TestPerson.Seeker();
        var path = $"/api/auctions/{auction}/bidder-registrations";
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.Service.As(bidder).PostAsync(path, new { })));
        var registration = Assert.Single(replies, reply => reply.Status == 201);
        Assert.Equal("awaiting_deposit", (string)registration["status"]!);
        Assert.All(replies.Where(reply => reply != registration), reply => Assert.Equal("bidder-already-registered", reply.Expect(409).Problem));
        var operators = fixture.Service.As(TestPerson.Operator());
        (await fixture.Service.As(bidder).PostAsync($"{path}/{registration.Id}/deposit", new { amount = "50000.00" })).Expect(403);
        Assert.Equal("awaiting_deposit", (string)(await PayAsync("20000.00")).Expect(200)["status"]!);
        Assert.Equal("qualified", (string)(await PayAsync("30000.00")).Expect(200)["status"]!);
        (await operators.PostAsync($"{path}/{Guid.NewGuid()}/deposit", new { amount = "1.00" })).Expect(404);
        Assert.Single((await fixture.Service.As(bidder).GetAsync(path)).Expect(200)["items"]!.AsArray());
        Assert.Empty((await fixture.Service.As(TestPerson.Seeker()).GetAsync(path)).Expect(200)["items"]!.AsArray());

        Task<Reply> PayAsync(string amount) => operators.PostAsync($"{path}/{registration.Id}/deposit", new { amount });
    }

    [Fact]
    public async Task Of_equal_bids_at_once_one_is_taken()
    {
        var auction = await fixture.AuctionAsync(seller);
        var bidders = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => fixture.BidderAsync(auction)));
        var replies = await Task.WhenAll(bidders.Select(bidder => fixture.BidAsync(bidder.Person, auction, "1000000.00")));
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply.Status != 201), reply => Assert.Equal("bid-below-minimum", reply.Expect(409).Problem));
    }

    [Fact]
    public async Task A_bid_sent_again_with_its_key_is_one_bid()
    {
        var auction = await fixture.AuctionAsync(seller);
        var (bidder, _) = await fixture.BidderAsync(auction);
        var key = Guid.NewGuid().ToString();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.BidAsync(bidder, auction, "1000000.00", key)));
        Assert.All(replies, reply => Assert.Equal(1, (int)reply.Expect(201)["sequence"]!));
        Assert.Single((await fixture.LogAsync(auction))["items"]!.AsArray());
        Assert.Equal(422, (await fixture.BidAsync(bidder, auction, "1010000.00", key)).Status);
    }

    [Fact]
    public async Task A_thousand_bids_at_once_leave_one_unbroken_rising_log()
    {
        var auction = await fixture.AuctionAsync(seller);
        var bidders = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => fixture.BidderAsync(auction)));
        var random = new Random(7);
        var bids = Enumerable.Range(0, 1_000).Select(_ => (Bidder: bidders[random.Next(10)].Person,
            Amount: 1_000_000 + (random.Next(0, 300) * 5_000))).ToList();
        var replies = await Task.WhenAll(bids.Select(bid => fixture.BidAsync(bid.Bidder, auction, bid.Amount.ToString(CultureInfo.InvariantCulture))));
        Assert.All(replies, reply => Assert.True(reply.Status is 201 or 409, reply.Text));

        var log = await WholeLogAsync(auction);
        Assert.Equal(Enumerable.Range(1, 1_000), log.Select(record => (int)record["sequence"]!));
        var accepted = log.Where(record => (bool)record["accepted"]!).Select(record =>
            decimal.Parse((string)record["amount"]!["amount"]!, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(accepted.Order().Distinct(), accepted);
        Assert.Equal(replies.Count(reply => reply.Status == 201), accepted.Count);
        Assert.Contains("1000 records, the chain holds", await VerifyAsync(auction, _ => { }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_was_tampered_with_is_found_out()
    {
        var auction = await fixture.AuctionAsync(seller);
        var (bidder, _) = await fixture.BidderAsync(auction);
        for (var i = 0; i < 4; i++) (await fixture.BidAsync(bidder, auction, $"{1_000_000 + (i * 10_000)}")).Expect(201);
        Assert.Contains("4 records, the chain holds", await VerifyAsync(auction, _ => { }), StringComparison.Ordinal);
        Assert.Contains("record 3: the hash does not fit", await VerifyAsync(auction, page => page["items"]![2]!["amount"]!["amount"] = "1.00"),
            StringComparison.Ordinal);
        Assert.Contains("record 2: the sequence has a gap", await VerifyAsync(auction, page => page["items"]!.AsArray().RemoveAt(1)),
            StringComparison.Ordinal);
        Assert.Contains("not the published one", await VerifyAsync(auction, page => page["headHash"] = new string('0', 64)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_bids_too_fast_is_asked_to_wait()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service, new Dictionary<string, string?> { ["Bids:PerSecond"] = "2" });
        var auctions = new AuctionsFixture(own);
        await auctions.LiftNoticesAsync();
        var auction = await auctions.AuctionAsync(seller);
        var (bidder, _) = await auctions.BidderAsync(auction);
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => auctions.BidAsync(bidder, auction, $"{1_000_000 + (i * 10_000)}")));
        var waiting = replies.Where(reply => reply.Status == 429).ToList();
        Assert.NotEmpty(waiting);
        Assert.All(waiting, reply => Assert.NotNull(reply.Headers.RetryAfter));
    }

    async Task<List<JsonNode>> WholeLogAsync(Guid auction)
    {
        List<JsonNode> records = [];
        string? cursor = null;
        do
        {
            var page = (await fixture.Service.As(null).GetAsync($"/api/auctions/{auction}/log?cursor={cursor}")).Expect(200);
            records.AddRange(page["items"]!.AsArray().Select(record => record!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        return records;
    }

    /// <summary>What the published script says of the log, after a change to its first page.</summary>
    async Task<string> VerifyAsync(Guid auction, Action<JsonNode> tamper)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "verify-log.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        string? cursor = null;
        do
        {
            var page = (await fixture.Service.As(null).GetAsync($"/api/auctions/{auction}/log?cursor={cursor}")).Expect(200).Json!;
            if (cursor is null) tamper(page);
            await process.StandardInput.WriteLineAsync(page.ToJsonString());
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return await output + await error;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Contracts.Tests;

/// <summary>draft → signed_by_seller → signed → submitted → accepted → examined → registered, and who may take each step.</summary>
public sealed class RegistrationTests(ContractsFixture fixture)
{
    readonly TestPerson registrar = TestPerson.Registrar();

    [Fact]
    public async Task A_deal_becomes_one_draft_however_often_it_is_told()
    {
        var seller = TestPerson.Provider();
        var buyer = TestPerson.Seeker();
        var deal = ContractsFixture.Deal(seller, buyer, 880_000m, "licence_exclusive");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.Service.DeliverAsync(deal.DealId, deal)));
        var list = (await fixture.Service.As(buyer).GetAsync($"/api/contracts?dealId={deal.DealId}")).Expect(200)["items"]!.AsArray();
        var draft = Assert.Single(list)!;
        Assert.Equal(("draft", "licence", "880000.00", "510100", "341623"), (
            (string)draft["status"]!, (string)draft["kind"]!, (string)draft["value"]!["amount"]!, (string)draft["sellerRegionCode"]!,
            (string)draft["buyerRegionCode"]!));
        Assert.Equal(seller.Organisation.Uscc, (string)draft["seller"]!["uscc"]!);
        Assert.Equal("201710601862.3", (string)draft["intellectualProperty"]![0]!["number"]!);
        Assert.Single((await fixture.Service.As(seller).GetAsync($"/api/deals?auctionId={deal.AuctionId}")).Expect(200)["items"]!.AsArray());
    }

    [Fact]
    public async Task The_whole_way_ends_in_a_number_and_a_certificate_that_anyone_can_check()
    {
        var sides = await fixture.InStateAsync("registered", registrar);
        var contract = (await fixture.Service.As(sides.Buyer).GetAsync($"/api/contracts/{sides.Contract}")).Expect(200);
        var number = (string)contract["registrationNumber"]!;
        Assert.Matches($@"^{DateTimeOffset.UtcNow.AddHours(8).Year}510100\d{{6}}$", number);

        var certificate = (await fixture.Service.As(null).GetAsync($"/api/certificates/{number}")).Expect(200);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((string)certificate["statement"]!)));
        Assert.Equal(hash, (string)certificate["hash"]!);
        Assert.Contains(number, (string)certificate["statement"]!, StringComparison.Ordinal);
        Assert.Equal(("1200000.00", sides.Seller.Organisation.Name, (string)contract["contentHash"]!), (
            (string)certificate["value"]!["amount"]!, (string)certificate["seller"]!["name"]!, (string)certificate["contentHash"]!));
        var registered = Assert.Single(await fixture.Service.PublishedAsync<ContractRegistered>(), e => e.ContractId == sides.Contract);
        Assert.Equal((number, hash, sides.Deal.DealId), (registered.RegistrationNumber, registered.CertificateHash, registered.DealId));
        (await fixture.Service.As(null).GetAsync("/api/certificates/2026510100999999")).Expect(404);
    }

    public static TheoryData<string, string, string> Steps => new()
    {
        { "draft", "signature", "seller" }, { "signed_by_seller", "signature", "buyer" }, { "signed", "submission", "seller" },
        { "submitted", "acceptance", "registrar" }, { "accepted", "examination", "registrar" }, { "examined", "approval", "colleague" },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_step_is_taken_in_its_state_by_its_side_alone(string state, string step, string side)
    {
        var sides = await fixture.InStateAsync(state, registrar);
        TestPerson[] strangers =
            [TestPerson.Provider(), TestPerson.Seeker(), TestPerson.Registrar("650000"), TestPerson.Registrar("510700"), TestPerson.Bureau()];
        foreach (var stranger in strangers) Assert.Contains((await fixture.StepAsync(stranger, sides.Contract, step)).Status, new[] { 403, 404 });
        (await fixture.Service.As(null).PostAsync($"/api/contracts/{sides.Contract}/{step}", new { accept = true })).Expect(401);
        foreach (var other in Steps.Select(row => row.Data).Where(row => row.Item1 != state && row.Item2 != step))
        {
            var person = Person(other.Item3, sides);
            Assert.Contains((await fixture.StepAsync(person, sides.Contract, other.Item2)).Status, new[] { 404, 409 });
        }

        Assert.Equal(state, (string)(await fixture.Service.As(sides.Seller).GetAsync($"/api/contracts/{sides.Contract}"))["status"]!);
        (await fixture.StepAsync(Person(side, sides), sides.Contract, step)).Expect(200);
    }

    [Fact]
    public async Task The_buyer_does_not_sign_first_and_nobody_signs_for_the_other()
    {
        var sides = await fixture.AgreeAsync();
        Assert.Equal("seller-signs-first", (await fixture.StepAsync(sides.Buyer, sides.Contract, "signature")).Expect(409).Problem);
        (await fixture.StepAsync(sides.Seller, sides.Contract, "signature", new { accept = false })).Expect(400);
        (await fixture.StepAsync(sides.Seller, sides.Contract, "signature")).Expect(200);
        (await fixture.StepAsync(sides.Seller, sides.Contract, "signature")).Expect(409);
        (await fixture.StepAsync(sides.Buyer, sides.Contract, "signature")).Expect(200);
    }

    [Fact]
    public async Task Who_accepted_or_examined_does_not_approve()
    {
        var sides = await fixture.InStateAsync("submitted", registrar);
        var examiner = registrar.Colleague();
        (await fixture.StepAsync(registrar, sides.Contract, "acceptance")).Expect(200);
        (await fixture.StepAsync(examiner, sides.Contract, "examination")).Expect(200);
        Assert.Equal("four-eyes", (await fixture.StepAsync(registrar, sides.Contract, "approval")).Expect(409).Problem);
        Assert.Equal("four-eyes", (await fixture.StepAsync(examiner, sides.Contract, "approval")).Expect(409).Problem);
        (await fixture.StepAsync(registrar.Colleague(), sides.Contract, "approval")).Expect(200);
    }

    [Fact]
    public async Task Numbers_given_out_at_once_are_all_different_and_without_gaps()
    {
        var far = TestPerson.Registrar("540000");
        var contracts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.InStateAsync("examined", far, sellerRegion: "540100")));
        var replies = await Task.WhenAll(contracts.Select(sides => fixture.StepAsync(far.Colleague(), sides.Contract, "approval")));
        var serials = replies.Select(reply => int.Parse(((string)reply.Expect(200)["registrationNumber"]!)[^6..], CultureInfo.InvariantCulture)).Order();
        Assert.Equal(Enumerable.Range(1, 20), serials);
    }

    [Fact]
    public async Task Two_who_approve_at_once_register_it_once()
    {
        var sides = await fixture.InStateAsync("examined", registrar);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.StepAsync(registrar.Colleague(), sides.Contract, "approval")));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal("wrong-state", reply.Expect(409).Problem));
        Assert.Single(await fixture.Service.PublishedAsync<ContractRegistered>(), e => e.ContractId == sides.Contract);
    }

    [Fact]
    public async Task A_returned_contract_is_handed_in_again_and_its_time_begins_anew()
    {
        var sides = await fixture.InStateAsync("accepted", registrar);
        (await fixture.StepAsync(registrar, sides.Contract, "correction")).Expect(400);
        var returned = (await fixture.StepAsync(registrar, sides.Contract, "correction", new { reason = "缺少印章" })).Expect(200);
        Assert.Equal("correction_requested", (string)returned["status"]!);
        Assert.Null(returned["dueOn"]);
        (await fixture.StepAsync(sides.Seller, sides.Contract, "submission")).Expect(200);
        Assert.NotNull((await fixture.StepAsync(registrar, sides.Contract, "acceptance")).Expect(200)["dueOn"]);
    }

    [Fact]
    public async Task A_refusal_gives_one_of_the_reasons()
    {
        var sides = await fixture.InStateAsync("submitted", registrar);
        Assert.NotNull((await fixture.StepAsync(registrar, sides.Contract, "refusal", new { reason = "no mood" })).Expect(400)["errors"]!["reason"]);
        (await fixture.StepAsync(registrar, sides.Contract, "refusal", new { reason = "unclear_price" })).Expect(200);
        (await fixture.StepAsync(sides.Seller, sides.Contract, "submission")).Expect(409);
    }

    [Fact]
    public async Task Large_contracts_go_before_experts_and_have_more_time()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var contracts = new ContractsFixture(own);
        own.Clock.Set(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.FromHours(8)));
        var small = await contracts.InStateAsync("submitted", registrar, 4_999_999.99m);
        var large = await contracts.InStateAsync("submitted", registrar, 5_000_000m);
        var accepted = (await contracts.StepAsync(registrar, small.Contract, "acceptance")).Expect(200);
        Assert.Equal((false, "2026-03-23"), ((bool)accepted["needsExperts"]!, (string)accepted["dueOn"]!));
        accepted = (await contracts.StepAsync(registrar, large.Contract, "acceptance")).Expect(200);
        Assert.True((bool)accepted["needsExperts"]!);
        Assert.True(string.CompareOrdinal((string?)accepted["dueOn"], "2026-04-10") > 0);
    }

    [Fact]
    public async Task Others_see_neither_deal_nor_contract()
    {
        var sides = await fixture.InStateAsync("draft", registrar);
        foreach (var other in new[] { TestPerson.Provider(), TestPerson.Seeker(), registrar, TestPerson.Bureau() })
        {
            (await fixture.Service.As(other).GetAsync($"/api/contracts/{sides.Contract}")).Expect(404);
            (await fixture.Service.As(other).GetAsync($"/api/deals/{sides.Deal.DealId}")).Expect(404);
            Assert.Empty((await fixture.Service.As(other).GetAsync($"/api/deals?auctionId={sides.Deal.AuctionId}")).Expect(200)["items"]!.AsArray());
            Assert.Empty((await fixture.Service.As(other).GetAsync($"/api/contracts?dealId={sides.Deal.DealId}")).Expect(200)["items"]!.AsArray());
        }

        (await fixture.Service.As(null).GetAsync("/api/contracts")).Expect(401);
        (await fixture.Service.As(null).GetAsync("/api/deals")).Expect(401);
    }

    TestPerson Person(string side, Sides sides) => side switch
    {
        "seller" => sides.Seller,
        "buyer" => sides.Buyer,
        "registrar" => registrar,
        _ => registrar.Colleague(),
    };
}

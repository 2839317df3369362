using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.Auctions.Tests.AuctionsFixture))]

namespace TechMarket.Auctions.Tests;

/// <summary>The service, started once for all tests of this project; tests make organisations and records of their own. Periods of notice are
/// lifted, as on a trial market.</summary>
public sealed class AuctionsFixture : IAsyncLifetime
{
    readonly bool ownsService;

    public AuctionsFixture() => ownsService = true;

    /// <summary>The same steps on a service of a test's own.</summary>
    internal AuctionsFixture(ServiceUnderTest service) => Service = service;

    public ServiceUnderTest Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Tests bid faster than a bidder may.
        Service = await ServiceUnderTest.StartAsync(Program.Service, new Dictionary<string, string?> { ["Bids:PerSecond"] = "100000" });
        await LiftNoticesAsync();
    }

    public ValueTask DisposeAsync() => ownsService && Service is not null ? Service.DisposeAsync() : default;

    internal async Task LiftNoticesAsync()
    {
        foreach (var id in new[] { "auction.noticeDays", "listing.noticeWd" })
        {
            (await Service.As(TestPerson.Operator()).PostAsync("/api/parameters/auctions",
                new { id, value = "0", validFrom = "2020-01-01", source = "trial market" })).Expect(201);
        }
    }

    /// <summary>An achievement that Listings has published.</summary>
    internal static AchievementPublished Published(TestPerson owner, Guid? id = null, long version = 1) => new(
        id ?? Guid.CreateVersion7(), version, owner.OrganisationId, owner.Organisation.Name, owner.Organisation.Kind, "一种固态电解质", "摘要", "", "applied_technology",
        [], "new_materials", "C3841", "510107", 7, ["assignment"], [new IntellectualPropertyFact("invention", "201710601862.3")],
        [new CompleterFact("赵一", 100m)], [new OwnershipShareFact(owner.Organisation.Name, owner.OrganisationId, 100m)], "provincial_plan",
        new RightsFact(false, false, []), null, "9512026Y0001", null, "zh", Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    /// <summary>Tells the service of an achievement of a seller.</summary>
    internal async Task<Guid> AchievementAsync(TestPerson owner)
    {
        var published = Published(owner);
        await Service.DeliverAsync(published.AchievementId, published);
        return published.AchievementId;
    }

    internal JsonObject Body(Guid achievementId, TimeSpan opensIn, TimeSpan freePeriod, int cycleSeconds) => new()
    {
        ["achievementId"] = achievementId.ToString(),
        ["format"] = "multi_round",
        ["transferMode"] = "assignment",
        ["startPrice"] = "1000000.00",
        ["increment"] = "10000.00",
        ["deposit"] = "50000.00",
        ["opensAt"] = Service.Clock.GetUtcNow() + opensIn,
        ["freePeriodEndsAt"] = Service.Clock.GetUtcNow() + opensIn + freePeriod,
        ["cycleSeconds"] = cycleSeconds,
    };

    /// <summary>A new auction that is open for bids.</summary>
    internal async Task<Guid> AuctionAsync(TestPerson seller, TimeSpan? freePeriod = null, int cycleSeconds = 300)
    {
        var achievement = await AchievementAsync(seller);
        var body = Body(achievement, TimeSpan.Zero, freePeriod ?? TimeSpan.FromHours(1), cycleSeconds);
        return (await Service.As(seller).PostAsync("/api/auctions", body)).Expect(201).Id;
    }

    /// <summary>A new enterprise that has registered and paid.</summary>
    internal async Task<(TestPerson Person, string Code)> BidderAsync(Guid auction)
    {
        var person = TestPerson.Seeker();
        var registration = (await Service.As(person).PostAsync($"/api/auctions/{auction}/bidder-registrations", new { })).Expect(201);
        var path = $"/api/auctions/{auction}/bidder-registrations/{registration.Id}/deposit";
        (await Service.As(TestPerson.Operator()).PostAsync(path, new { amount = "50000.00" }))
            .Expect(200);
        return (person, (string)registration["bidderCode"]!);
    }

    internal Task<Reply> BidAsync(TestPerson bidder, Guid auction, string amount, string? idempotencyKey = null) =>
        Service.As(bidder).PostAsync($"/api/auctions/{auction}/bids", new { amount }, idempotencyKey);

    /// <summary>The whole published log.</summary>
    internal async Task<JsonNode> LogAsync(Guid auction) =>
        (await Service.As(null).GetAsync($"/api/auctions/{auction}/log")).Expect(200).Json!;

    internal Task<Reply> UntilAsync(Guid auction, string status) =>
        Eventually.Async(() => Service.As(null).GetAsync($"/api/auctions/{auction}"), reply => (string)reply.Expect(200)["status"]! == status);
}

using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.Contracts.Tests.ContractsFixture))]

namespace TechMarket.Contracts.Tests;

/// <summary>The service, started once for all tests of this project; tests make organisations and records of their own.</summary>
public sealed class ContractsFixture : IAsyncLifetime
{
    readonly bool ownsService;

    public ContractsFixture() => ownsService = true;

    /// <summary>The same steps on a service of a test's own.</summary>
    internal ContractsFixture(ServiceUnderTest service) => Service = service;

    public ServiceUnderTest Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest.StartAsync(Program.Service);

    public ValueTask DisposeAsync() => ownsService && Service is not null ? Service.DisposeAsync() : default;

    /// <summary>A deal that was agreed: its contract is drafted.</summary>
    internal async Task<Sides> AgreeAsync(decimal price = 1_200_000m, string mode = "assignment", string sellerRegion = "510100", string buyerRegion = "341623")
    {
        var seller = TestPerson.Provider(sellerRegion);
        var buyer = TestPerson.Seeker(buyerRegion);
        var deal = Deal(seller, buyer, price, mode);
        await Service.DeliverAsync(deal.DealId, deal);
        var list = (await Service.As(seller).GetAsync($"/api/contracts?dealId={deal.DealId}")).Expect(200)["items"]!.AsArray();
        return new Sides((Guid)Assert.Single(list)!["id"]!, deal, seller, buyer);
    }

    internal static DealAgreed Deal(TestPerson seller, TestPerson buyer, decimal price, string mode = "assignment") => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), null, Guid.CreateVersion7(), "一种固态电解质", Party(seller), Party(buyer), null, mode, price, "auction",
        "new_materials", "C3841", "provincial_plan", [new IntellectualPropertyFact("invention", "201710601862.3")], [new CompleterFact("赵一", 100m)],
        [new OwnershipShareFact(seller.Organisation.Name, seller.OrganisationId, 100m)], DateTimeOffset.UtcNow);

    internal Task<Reply> StepAsync(TestPerson person, Guid contract, string step, object? body = null) =>
        Service.As(person).PostAsync($"/api/contracts/{contract}/{step}", body ?? (step == "signature" ? new { accept = true } : new { }));

    /// <summary>A contract brought to a state.</summary>
    internal async Task<Sides> InStateAsync(string state, TestPerson registrar, decimal price = 1_200_000m, string sellerRegion = "510100",
        string buyerRegion = "341623")
    {
        var sides = await AgreeAsync(price, sellerRegion: sellerRegion, buyerRegion: buyerRegion);
        (string State, TestPerson Person, string Step)[] way =
        [
            ("signed_by_seller", sides.Seller, "signature"), ("signed", sides.Buyer, "signature"), ("submitted", sides.Seller, "submission"),
            ("accepted", registrar, "acceptance"), ("examined", registrar, "examination"), ("registered", registrar.Colleague(), "approval"),
        ];
        if (state == "draft") return sides;
        foreach (var step in way)
        {
            Assert.Equal(step.State, (string)(await StepAsync(step.Person, sides.Contract, step.Step)).Expect(200)["status"]!);
            if (step.State == state) return sides;
        }

        throw new ArgumentException(state, nameof(state));
    }

    static PartyFact Party(TestPerson person) => new(
        person.OrganisationId, person.Organisation.Name, person.Organisation.Kind, person.Organisation.Uscc, person.Organisation.RegionCode);
}

/// <summary>A contract and its sides.</summary>
sealed record Sides(Guid Contract, DealAgreed Deal, TestPerson Seller, TestPerson Buyer);

using Microsoft.Extensions.DependencyInjection.Extensions;
using TechMarket.Auctions.Bidding;
using TechMarket.Auctions.Deposits;
using TechMarket.Auctions.Lots;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions;

/// <summary>The table of contents of the service.</summary>
public static class Program
{
    /// <summary>Everything the service is made of.</summary>
    public static readonly ServiceDefinition Service = new(
        "auctions", [typeof(Parameters).Assembly, typeof(Program).Assembly], Endpoints,
        [
            Consumer.On<AchievementPublished>(KnownAchievements.PublishedAsync),
            Consumer.On<AchievementWithdrawn>(KnownAchievements.WithdrawnAsync),
            Consumer.On<ContractRegistered>(KnownAchievements.ContractRegisteredAsync),
        ],
        Services);

    /// <summary>Runs it as a process of its own.</summary>
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(Service, args);

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        ParameterEndpoints.Map(routes, Service.Name);
        ListForAuction.Map(routes);
        ReadAuctions.Map(routes);
        WithdrawAuction.Map(routes);
        RegisterBidder.Map(routes);
        PlaceBid.Map(routes);
    }

    static void Services(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => Parameters.Read(Service.Name, typeof(Program).Assembly, provider.GetRequiredService<Database>()));
        services.AddSingleton<BidDesk>();
        services.AddHostedService<ClosingLoop>();
    }
}

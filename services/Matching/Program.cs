using Microsoft.Extensions.DependencyInjection.Extensions;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.Matching.Achievements;
using TechMarket.Matching.Matches;
using TechMarket.Matching.Needs;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Matching;

/// <summary>The table of contents of the service.</summary>
public static class Program
{
    /// <summary>Everything the service is made of.</summary>
    public static readonly ServiceDefinition Service = new(
        "matching", [typeof(Parameters).Assembly, typeof(Program).Assembly], Endpoints,
        [
            Consumer.On<AchievementPublished>(OnAchievementPublished.ApplyAsync),
            Consumer.On<AchievementWithdrawn>(OnAchievementWithdrawn.ApplyAsync),
        ],
        Services);

    /// <summary>Runs it as a process of its own.</summary>
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(Service, args);

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        ParameterEndpoints.Map(routes, Service.Name);
        PostNeed.Map(routes);
        ListNeeds.Map(routes);
        GetNeed.Map(routes);
        CloseNeed.Map(routes);
        ImportNeeds.Map(routes);
        FindMatches.Map(routes);
    }

    static void Services(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => Parameters.Read(Service.Name, typeof(Program).Assembly, provider.GetRequiredService<Database>()));
        services.TryAddSingleton<IAchievementIndex, EmbeddedAchievementIndex>();
        services.AddSingleton<AchievementIndexFeed>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<AchievementIndexFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<AchievementIndexFeed>());
    }
}

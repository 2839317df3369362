using Microsoft.Extensions.DependencyInjection.Extensions;
using TechMarket.Events;
using TechMarket.Listings.Imports;
using TechMarket.Listings.Interconnection;
using TechMarket.Listings.Publication;
using TechMarket.Listings.Registration;
using TechMarket.Listings.Screening;
using TechMarket.Listings.Search;
using TechMarket.Listings.Supervision;
using TechMarket.MarketKit;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Listings;

/// <summary>The table of contents of the service.</summary>
public static class Program
{
    /// <summary>Everything the service is made of.</summary>
    public static readonly ServiceDefinition Service = new(
        "listings", [typeof(Parameters).Assembly, typeof(Program).Assembly], Endpoints,
            [Consumer.On<OrganisationChanged>(ReviewInUnit.OrganisationChangedAsync)],
        Services);

    /// <summary>Runs it as a process of its own.</summary>
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(Service, args);

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        ParameterEndpoints.Map(routes, Service.Name);
        DraftAchievement.Map(routes);
        SubmitAchievement.Map(routes);
        ReviewInUnit.Map(routes);
        ScreenAchievement.Map(routes);
        EditScreeningRules.Map(routes);
        RegisterAchievement.Map(routes);
        PublishAchievement.Map(routes);
        WithdrawAchievement.Map(routes);
        ReadAchievements.Map(routes);
        ReadVersions.Map(routes);
        ReportListing.Map(routes);
        SuspendListing.Map(routes);
        DisputeAchievement.Map(routes);
        CancelRegistration.Map(routes);
        AchievementCertificate.Map(routes);
        ProvideHarvest.Map(routes);
        SearchAchievements.Map(routes);
        ExportAchievements.Map(routes);
        ImportAchievements.Map(routes);
    }

    static void Services(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => Parameters.Read(Service.Name, typeof(Program).Assembly, provider.GetRequiredService<Database>()));
        services.TryAddSingleton<IAchievementIndex, EmbeddedAchievementIndex>();
        services.AddSingleton<IndexFeed>();
        services.AddSingleton<ScreeningRules>();
        services.AddSingleton<Likeness>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<IndexFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<IndexFeed>());
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings;

/// <summary>The table of contents of the service.</summary>
public static class Program
{
    /// <summary>Everything the service is made of.</summary>
    public static readonly ServiceDefinition Service = new(
        "listings", [typeof(Parameters).Assembly, typeof(Program).Assembly], Endpoints, [], Services);

    /// <summary>Runs it as a process of its own.</summary>
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(Service, args);

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        ParameterEndpoints.Map(routes, Service.Name);
    }

    static void Services(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => Parameters.Read(Service.Name, typeof(Program).Assembly, provider.GetRequiredService<Database>()));
    }
}

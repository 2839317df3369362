using Microsoft.Extensions.DependencyInjection.Extensions;
using TechMarket.Contracts.Certificates;
using TechMarket.Contracts.Deals;
using TechMarket.Contracts.Registration;
using TechMarket.Contracts.Statistics;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts;

/// <summary>The table of contents of the service.</summary>
public static class Program
{
    /// <summary>Everything the service is made of.</summary>
    public static readonly ServiceDefinition Service = new(
        "contracts", [typeof(Parameters).Assembly, typeof(Program).Assembly], Endpoints, [Consumer.On<DealAgreed>(OnDealAgreed.ApplyAsync)], Services);

    /// <summary>Runs it as a process of its own.</summary>
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(Service, args);

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        ParameterEndpoints.Map(routes, Service.Name);
        ReadDeals.Map(routes);
        ReadContracts.Map(routes);
        SignContract.Map(routes);
        SubmitContract.Map(routes);
        ExamineContract.Map(routes);
        ApproveContract.Map(routes);
        VerifyCertificate.Map(routes);
        ContractStatistics.Map(routes);
    }

    static void Services(IServiceCollection services, IConfiguration configuration) =>
        services.TryAddSingleton(provider => Parameters.Read(Service.Name, typeof(Program).Assembly, provider.GetRequiredService<Database>()));
}

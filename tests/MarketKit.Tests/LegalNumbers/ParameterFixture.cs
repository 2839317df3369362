using Microsoft.Extensions.DependencyInjection;
using TechMarket.ServiceKit;
using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.MarketKit.Tests.LegalNumbers.ParameterFixture))]

namespace TechMarket.MarketKit.Tests.LegalNumbers;

/// <summary>A service that has nothing but parameters, on a database of its own. What operators set stays set, so that each test has parameters
/// of its own in <c>Data/parameters.json</c>.</summary>
public sealed class ParameterFixture : IAsyncLifetime
{
    public ServiceUnderTest Service { get; private set; } = null!;

    public Parameters Parameters { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest.StartAsync(new ServiceDefinition(
        "numbers", [typeof(Parameters).Assembly],
        routes =>
        {
            Parameters = routes.ServiceProvider.GetRequiredService<Parameters>();
            ParameterEndpoints.Map(routes, "numbers");
        },
        [],
        (services, _) => services.AddSingleton(provider =>
            Parameters.Read("numbers", typeof(ParameterFixture).Assembly, provider.GetRequiredService<Database>()))));

    public ValueTask DisposeAsync() => Service?.DisposeAsync() ?? default;

    /// <summary>An operator sets a parameter.</summary>
    public Task<Reply> SetAsync(string? id, string? value, string? validFrom, string? source = "an order") =>
        Service.As(TestPerson.Operator()).PostAsync("/api/parameters/numbers", new { id, value, validFrom, source });
}

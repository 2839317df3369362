using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.Contracts.Tests.ContractsFixture))]

namespace TechMarket.Contracts.Tests;

/// <summary>The service, started once for all tests of this project; tests make organisations and records of their own.</summary>
public sealed class ContractsFixture : IAsyncLifetime
{
    public ServiceUnderTest Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest.StartAsync(Program.Service);

    public ValueTask DisposeAsync() => Service?.DisposeAsync() ?? default;
}

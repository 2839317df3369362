using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.Accounts.Tests.AccountsFixture))]

namespace TechMarket.Accounts.Tests;

/// <summary>The service, started once for all tests of this project; tests make organisations and people of their own. Whoever moves the clock
/// or looks at all that there is starts a <see cref="Market"/> of its own.</summary>
public sealed class AccountsFixture : IAsyncLifetime
{
    public Market Market { get; private set; } = null!;

    public ServiceUnderTest Service => Market.Service;

    public async ValueTask InitializeAsync() => Market = await Market.StartAsync();

    public ValueTask DisposeAsync() => Market?.DisposeAsync() ?? default;
}

using TechMarket.LocalServers;
using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.Gateway.Tests.PlatformFixture))]

namespace TechMarket.Gateway.Tests;

/// <summary>Accounts and Matching as they are, and a gateway without limits in front of them; the other services are away. A test of settings
/// starts a gateway of its own.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    public const string Password = "a long password";
    const string OperatorEmail = "operator@example.org";
    readonly string files = Directory.CreateTempSubdirectory("techmarket-gateway-").FullName;
    readonly string nowhere = $"http://127.0.0.1:{FreePort.Any()}";

    public ServiceUnderTest Accounts { get; private set; } = null!;

    public ServiceUnderTest Matching { get; private set; } = null!;

    public GatewayUnderTest Gateway { get; private set; } = null!;

    /// <summary>An address where nobody answers.</summary>
    public string Nowhere => nowhere;

    public async ValueTask InitializeAsync()
    {
        Accounts = await ServiceUnderTest.StartAsync(TechMarket.Accounts.Program.Service, new Dictionary<string, string?>
        {
            ["Files"] = files,
            ["Operator:Email"] = OperatorEmail,
            ["Operator:Password"] = Password,
        });
        Matching = await ServiceUnderTest.StartAsync(TechMarket.Matching.Program.Service, new Dictionary<string, string?>
        {
            ["Tokens:Jwks"] = "",
            ["Tokens:Authority"] = Accounts.Address.ToString(),
        });
        Gateway = await StartGatewayAsync(new Dictionary<string, string?>
        {
            ["Limits:RequestsPerSecond"] = "0",
            ["Limits:SignUpsPerMinute"] = "0",
            ["Limits:SignInsPerMinute"] = "0",
        });
    }

    /// <summary>Another gateway in front of the same services.</summary>
    public Task<GatewayUnderTest> StartGatewayAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var all = new Dictionary<string, string?> { ["Files"] = files };
        foreach (var service in new[] { "listings", "auctions", "contracts" }) all[$"Services:{service}"] = nowhere;
        all["Services:accounts"] = Accounts.Address.ToString();
        all["Services:matching"] = Matching.Address.ToString();
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) all[name] = value;
        return GatewayUnderTest.StartAsync(all);
    }

    /// <summary>The administrator of a new, verified organisation; answers the address to sign in with.</summary>
    public async Task<string> NewPersonAsync(string kind = "university")
    {
        var email = $"{Guid.CreateVersion7():N}@example.org";
        var signUp = await Gateway.Nobody.PostAsync("/api/organisations", SignUp(kind, email));
        var operators = Gateway.With(await OperatorTokenAsync());
        (await operators.PostAsync($"/api/organisations/{signUp.Expect(201).Id}/verification", new { decision = "verified" })).Expect(200);
        return email;
    }

    public static object SignUp(string kind, string email) => new
    {
        name = "蓉江理工大学",
        kind,
        uscc = TestPerson.NewUscc(),
        regionCode = "510100",
        admin = new { name = "沈砚秋", email, password = Password },
    };

    public async Task<string> TokenAsync(string email) =>
        (string)(await Gateway.Nobody.PostAsync("/api/tokens", new { email, password = Password })).Expect(200)["accessToken"]!;

    public Task<string> OperatorTokenAsync() => TokenAsync(OperatorEmail);

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null) await Gateway.DisposeAsync();
        if (Matching is not null) await Matching.DisposeAsync();
        if (Accounts is not null) await Accounts.DisposeAsync();
        Directory.Delete(files, recursive: true);
    }
}

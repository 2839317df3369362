using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TechMarket.TestKit;

namespace TechMarket.Gateway.Tests;

/// <summary>The gateway on a port of its own, in Production mode, as every host builds it.</summary>
public sealed class GatewayUnderTest : IAsyncDisposable
{
    readonly WebApplication app;

    GatewayUnderTest(WebApplication app, TestClock clock)
    {
        this.app = app;
        Clock = clock;
        Address = new Uri(app.Urls.Single());
        Nobody = Client();
    }

    public Uri Address { get; }

    public TestClock Clock { get; }

    /// <summary>Calls without token and cookie.</summary>
    public Client Nobody { get; }

    public static async Task<GatewayUnderTest> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var clock = new TestClock();
        var app = Program.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Configuration["Urls"] = "http://127.0.0.1:0";
            builder.Logging.ClearProviders();
            builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
            builder.Services.AddSingleton<TimeProvider>(clock);
        });
        await app.StartAsync();
        return new GatewayUnderTest(app, clock);
    }

    /// <summary>Calls with headers of the caller's own on every request.</summary>
    public Client Client(params (string Name, string Value)[] headers)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        foreach (var (name, value) in headers) http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return new Client(http);
    }

    /// <summary>Calls with a bearer token.</summary>
    public Client With(string token) => Client(("Authorization", $"Bearer {token}"));

    /// <summary>Moves a service elsewhere for whatever the gateway itself asks of it.</summary>
    public void Move(string service, string address) => app.Configuration[$"Services:{service}"] = address;

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

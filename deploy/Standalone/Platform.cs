using System.Net;
using Microsoft.Extensions.Logging.Console;
using TechMarket.LocalServers;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Standalone;

/// <summary>Every service and the gateway in this process, each its own host on a loopback port, with one transport between them: events go
/// from an outbox straight to the consumers.</summary>
public sealed class Platform : IAsyncDisposable
{
    static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(5);
    readonly List<WebApplication> hosts = [];
    EmbeddedAchievementIndex? index;

    /// <summary>Where the platform answers.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it and returns when it is ready.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="servers">What it stands on.</param>
    /// <param name="port">Of the gateway; 0 for one chosen by the system.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Platform> StartAsync(DataDirectory data, Servers servers, int port, CancellationToken ct)
    {
        var platform = new Platform();
        try
        {
            await platform.StartServicesAsync(data, servers, port, ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the gateway first, so that nothing new comes in, then the services.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }

        index?.Dispose();
    }

    async Task StartServicesAsync(DataDirectory data, Servers servers, int port, CancellationToken ct)
    {
        var transport = new InProcessTransport();
        index = new EmbeddedAchievementIndex();
        var services = await Task.WhenAll(TechMarket.Standalone.Services.All.Select(definition => Task.Run(async () =>
        {
            var settings = await TechMarket.Standalone.Services.SettingsAsync(definition, data, servers, ct);
            settings["Urls"] = "http://127.0.0.1:0";
            var app = ServiceHost.Build(definition, [], builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings);
                ConfigureLogging(builder.Logging);
                builder.Services.AddSingleton(transport);
                builder.Services.AddSingleton<IAchievementIndex>(index);
            });
            await ServiceHost.MigrateAsync(app, definition, ct);
            return app;
        }, ct)));
        hosts.AddRange(services);

        // No relay may start before every consumer has joined: an event that met no consumer would be marked as sent.
        foreach (var service in services) transport.Join(service.Services.GetRequiredService<EventDelivery>());
        foreach (var service in services) await service.StartAsync(ct);
        var accounts = services[0].Urls.Single();
        // Read at the first request that carries a token, which comes through the gateway, later than this.
        foreach (var service in services) service.Configuration["Tokens:Authority"] = accounts;
        var gateway = Gateway.Program.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(
                TechMarket.Standalone.Services.GatewaySettings(data, services.Select(service => service.Urls.Single())));
            builder.Configuration["Urls"] = $"http://127.0.0.1:{port}";
            ConfigureLogging(builder.Logging);
        });
        hosts.Add(gateway);
        await gateway.StartAsync(ct);
        Address = new Uri(gateway.Urls.Single());
        await WaitUntilReadyAsync([Address], ct);
    }

    /// <summary>One line a message, on the error stream: the program's own words stay apart.</summary>
    static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Waits until every part says that it is ready.</summary>
    public static async Task WaitUntilReadyAsync(IEnumerable<Uri> parts, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(ReadyPatience);
        var last = "";
        foreach (var part in parts)
        {
            while (!await IsReadyAsync(part))
            {
                if (patience.IsCancellationRequested && !ct.IsCancellationRequested)
                    throw new CannotStartException($"平台未能就绪 · the platform did not become ready: {last}");
                await Task.Delay(50, ct);
            }
        }

        async Task<bool> IsReadyAsync(Uri part)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(part, "/health/ready"), ct);
                if (answer.StatusCode == HttpStatusCode.OK) return true;
                last = await answer.Content.ReadAsStringAsync(ct);
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }

            return false;
        }
    }
}

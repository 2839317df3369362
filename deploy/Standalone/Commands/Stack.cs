using System.Diagnostics;
using TechMarket.LocalServers;
using TechMarket.ServiceKit;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket stack</c>: real PostgreSQL, real RabbitMQ and one process a service, as a province would run them, on this machine.</summary>
public static class Stack
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("stack", "每个服务一个进程，经 RabbitMQ 通信 · one process a service, with RabbitMQ", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var port = arguments.Number("--port", 8080, 0, 65535);
        var path = arguments.DataDirectory();
        var isEmpty = arguments.Has("--empty");
        arguments.End();

        using var data = await DataDirectory.OpenAsync(path, ct);
        FreePort.Require(port);
        if (port == 0) port = FreePort.Any();
        await using var servers = await Servers.StartAsync(data, withBroker: true, ct);
        List<ServiceProcess> processes = [];
        try
        {
            var address = await Progress.StepAsync("启动各服务 · starting the services", () => StartAsync(processes, data, servers, port, ct));
            await data.AnnounceAsync(address, servers.Database, ct);
            data.MarkComplete();
            Welcome.Print(address, data, watch.Elapsed);
            if (data.IsNew && !isEmpty) await Demonstration.LoadAsync(data, address, ct);
            return await servers.WaitAsync(data, ct);
        }
        finally
        {
            await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
        }
    }

    static async Task<Uri> StartAsync(List<ServiceProcess> processes, DataDirectory data, Servers servers, int port, CancellationToken ct)
    {
        var addresses = FreePort.Several(Services.All.Count).Select(free => $"http://127.0.0.1:{free}").ToList();
        var gateway = $"http://127.0.0.1:{port}";
        await RabbitTransport.DeclareAsync(servers.Broker!, Services.All.Select(service => service.Name), ct);
        foreach (var (service, address) in Services.All.Zip(addresses))
        {
            var settings = await Services.SettingsAsync(service, data, servers, ct);
            settings["Urls"] = address;
            settings["Tokens:Authority"] = addresses[0];
            processes.Add(await ServiceProcess.StartAsync(service.Name, service.Migrations[^1].GetName().Name!, settings));
        }

        var gatewaySettings = Services.GatewaySettings(data, addresses);
        gatewaySettings["Urls"] = gateway;
        processes.Add(await ServiceProcess.StartAsync("gateway", "TechMarket.Gateway", gatewaySettings));
        await Platform.WaitUntilReadyAsync([new Uri(gateway)], ct);
        return new Uri(gateway);
    }
}

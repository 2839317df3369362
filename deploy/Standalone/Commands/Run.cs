using System.Diagnostics;
using TechMarket.LocalServers;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket run</c>: the whole platform in one process.</summary>
public static class Run
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("run", "在一个进程中运行整个平台 · the whole platform in one process", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var port = arguments.Number("--port", 8080, 0, 65535);
        var path = arguments.DataDirectory();
        var isEmpty = arguments.Has("--empty");
        arguments.End();

        using var data = await DataDirectory.OpenAsync(path, ct);
        FreePort.Require(port);
        await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
        await using var platform = await Progress.StepAsync("启动各服务 · starting the services", () => Platform.StartAsync(data, servers, port, ct));
        await data.AnnounceAsync(platform.Address, servers.Database, ct);
        data.MarkComplete();
        Welcome.Print(platform.Address, data, watch.Elapsed);
        if (data.IsNew && !isEmpty) await Demonstration.LoadAsync(data, platform.Address, ct);
        return await servers.WaitAsync(data, ct);
    }
}

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
        if (port != 0 && !FreePort.IsFree(port))
            throw new CannotStartException($"端口 {port} 已被占用 · port {port} is in use: ./dev run --port {port + 1}");
        await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
        await using var platform = await Progress.StepAsync("启动各服务 · starting the services", () => Platform.StartAsync(data, servers, port, ct));
        await data.AnnounceAsync(platform.Address, servers.Database, ct);
        if (data.IsNew) await FirstStartAsync(data, isEmpty, ct);
        Welcome.Print(platform.Address, data, watch.Elapsed);

        await Task.WhenAny(servers.FailureAsync(ct), Task.Delay(Timeout.InfiniteTimeSpan, ct));
        if (!ct.IsCancellationRequested)
        {
            Console.Error.WriteLine($"PostgreSQL 意外停止 · PostgreSQL ended unexpectedly: {data.Part("postgres/server.log")}");
            return 1;
        }

        Console.Error.WriteLine("正在停止 · stopping");
        return 0;
    }

    static Task FirstStartAsync(DataDirectory data, bool isEmpty, CancellationToken ct)
    {
        data.MarkComplete();
        return Task.CompletedTask;
    }
}

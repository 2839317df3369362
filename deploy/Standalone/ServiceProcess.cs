using TechMarket.LocalServers;

namespace TechMarket.Standalone;

/// <summary>A service or the gateway as a process of its own, started again when it dies; its lines are prefixed with its name.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    static readonly TimeSpan RestartDelay = TimeSpan.FromMilliseconds(500);
    static readonly Lock Output = new();

    readonly string name;
    readonly ChildStart start;
    readonly CancellationTokenSource stopping = new();
    ChildProcess? child;
    Task watching = Task.CompletedTask;

    ServiceProcess(string name, string assembly, IReadOnlyDictionary<string, string?> settings)
    {
        this.name = name;
        // Settings travel as environment variables; a colon is two underscores there.
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value);
        environment["DOTNET_gcServer"] = "0";
        foreach (var (setting, value) in settings) environment[setting.Replace(":", "__", StringComparison.Ordinal)] = value;
        start = Program(assembly) with { Environment = environment, OnLine = line => Write(name, line) };
    }

    /// <summary>Starts it.</summary>
    /// <param name="name">Printed before each of its lines.</param>
    /// <param name="assembly">The program, which lies beside this one.</param>
    /// <param name="settings">As the service reads them.</param>
    public static async Task<ServiceProcess> StartAsync(string name, string assembly, IReadOnlyDictionary<string, string?> settings)
    {
        var process = new ServiceProcess(name, assembly, settings);
        process.child = await ChildProcess.StartAsync(process.start);
        process.watching = process.WatchAsync();
        return process;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (child is not null) await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));
        await watching;
        if (child is not null) await child.DisposeAsync();
        stopping.Dispose();
    }

    async Task WatchAsync()
    {
        while (true)
        {
            await child!.WaitForExitAsync(CancellationToken.None);
            if (stopping.IsCancellationRequested) return;
            Write(name, $"意外停止（{child.ExitCode}），重新启动 · ended unexpectedly ({child.ExitCode}), is started again");
            await Task.Delay(RestartDelay, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) return;
            await child.DisposeAsync();
            child = await ChildProcess.StartAsync(start);
        }
    }

    static ChildStart Program(string assembly)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, assembly);
        // Started through the dotnet host, or published with a runtime of its own.
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? new ChildStart(Environment.ProcessPath!, [beside + ".dll"])
            : new ChildStart(beside, []);
    }

    static void Write(string name, string line)
    {
        lock (Output) Console.WriteLine($"{name,-10}| {line}");
    }
}

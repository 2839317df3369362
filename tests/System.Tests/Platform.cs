using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using TechMarket.LocalServers;
using TechMarket.TestKit;
using TechMarket.Tools;

namespace TechMarket.SystemTests;

/// <summary>The platform as a stranger starts it: the program in a process of its own, entered by HTTP. Killed or stopped, it can be started
/// again on the same data.</summary>
/// <example>
/// <code>
/// await using var platform = await Platform.StartStandaloneAsync();   // or StartStackAsync()
/// using var operators = await platform.SignInOperatorAsync();         // a MarketClient
/// await new DemoDeal(operators, (_, _) => { }).RunAsync(ct);
/// await platform.KillAsync();                                         // SIGKILL
/// await platform.StartAgainAsync();                                   // same data, same address
/// </code>
/// </example>
public sealed class Platform : IAsyncDisposable
{
    const int StartPatienceSeconds = 180;

    readonly string command;
    readonly IReadOnlyList<string> options;
    readonly IReadOnlyDictionary<string, string?> environment;
    readonly bool ownsData;
    readonly ConcurrentQueue<string> lines = new();
    Process process = null!;
    int port;

    Platform(string command, string? data, IReadOnlyList<string> options, IReadOnlyDictionary<string, string?>? environment)
    {
        this.command = command;
        this.options = options;
        this.environment = environment ?? new Dictionary<string, string?>();
        ownsData = data is null;
        Data = data ?? Directory.CreateTempSubdirectory("techmarket-system-").FullName;
    }

    /// <summary>Its data directory.</summary>
    public string Data { get; }

    /// <summary>Where the gateway answers. Stays the same when the platform is started again.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The program's process.</summary>
    public int ProcessId => process.Id;

    /// <summary>How long the last start took, from the start of the process until it was ready.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>What the program has said.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>An administrator's connection to the platform's database, to count rows.</summary>
    public string Database => File.ReadAllText(Path.Combine(Data, "database"));

    /// <summary>Everything in one process, with a PostgreSQL of its own. Without <paramref name="data"/> in a new directory that is
    /// removed at the end.</summary>
    public static Task<Platform> StartStandaloneAsync(
        string? data = null, IReadOnlyDictionary<string, string?>? environment = null, params IReadOnlyList<string> options) =>
        StartAsync(new Platform("run", data, options is [] ? ["--empty"] : options, environment));

    /// <summary>One process a service, with PostgreSQL and RabbitMQ of its own. Skips the test where RabbitMQ is not installed.</summary>
    public static Task<Platform> StartStackAsync(
        string? data = null, IReadOnlyDictionary<string, string?>? environment = null, params IReadOnlyList<string> options)
    {
        Xunit.Assert.SkipUnless(LocalRabbitMq.IsInstalled, LocalRabbitMq.InstallLine);
        return StartAsync(new Platform("stack", data, options is [] ? ["--empty"] : options, environment));
    }

    /// <summary>Starts the program and returns when it ended; for what must not start.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(Program(arguments, new Dictionary<string, string?>()))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Runs a command of the program on this platform's data; fails with its words unless it ends well.</summary>
    public Task CommandAsync(params IReadOnlyList<string> arguments) => RunCommandAsync([.. arguments, "--data", Data]);

    /// <summary>Runs a command of the program; fails with its words unless it ends well.</summary>
    public static Task RunCommandAsync(params IReadOnlyList<string> arguments) => RunCommandAsync(new Dictionary<string, string?>(), arguments);

    /// <summary>Runs a command of the program in an environment; fails with its words unless it ends well.</summary>
    public static async Task RunCommandAsync(IReadOnlyDictionary<string, string?> environment, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(Program(arguments, environment))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var words = await output + await error;
        if (process.ExitCode != 0) throw new InvalidOperationException($"techmarket {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{words}");
    }

    /// <summary>Lets it run for a while; how long is part of what is tried out.</summary>
    public static async Task RunForAsync(TimeSpan time, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(ct);
    }

    /// <summary>The first operator.</summary>
    public async Task<(string Email, string Password)> OperatorAsync()
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "operator.json")));
        return (json.RootElement.GetProperty("email").GetString()!, json.RootElement.GetProperty("password").GetString()!);
    }

    /// <summary>A client signed in as the first operator. It repeats what a killed platform did not answer, for up to <paramref name="patience"/>.</summary>
    public async Task<MarketClient> SignInOperatorAsync(TimeSpan? patience = null)
    {
        var client = new MarketClient(Address, patience ?? TimeSpan.FromSeconds(30));
        var (email, password) = await OperatorAsync();
        await client.SignInAsync(email, password, CancellationToken.None);
        return client;
    }

    /// <summary>Kills the program as a power cut would, without a word.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as Ctrl-C or systemd does, and answers its exit code.</summary>
    public async Task<int> StopAsync(Signal signal = Signal.Terminate)
    {
        ChildProcess.Send(process.Id, signal);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Starts it again on the same data and the same port.</summary>
    public async Task StartAgainAsync()
    {
        var watch = Stopwatch.StartNew();
        // Of the killed run; the new one removes it too, but perhaps later than we look.
        var announcement = Path.Combine(Data, "address");
        if (File.Exists(announcement)) File.Delete(announcement);
        process = Process.Start(Program([command, "--data", Data, "--port", $"{port}", .. options], environment))!;
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.Async(
            () => Task.FromResult(process.HasExited
                ? throw new InvalidOperationException($"The platform ended with {process.ExitCode}:\n{Output}")
                : File.Exists(announcement) && new FileInfo(announcement).Length > 0),
            announced => announced, StartPatienceSeconds);
        StartedIn = watch.Elapsed;
        Address = new Uri(await File.ReadAllTextAsync(announcement));
        port = Address.Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            try
            {
                await StopAsync();
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        process.Dispose();
        if (!ownsData) return;
        // Servers of a killed platform stop by themselves a moment later.
        await Eventually.Async(() => Task.FromResult(Removed()), removed => removed);
    }

    bool Removed()
    {
        try
        {
            Directory.Delete(Data, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    static async Task<Platform> StartAsync(Platform platform)
    {
        try
        {
            await platform.StartAgainAsync();
            return platform;
        }
        catch
        {
            if (platform.process is not null) await platform.DisposeAsync();
            throw;
        }
    }

    void Take(string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }

    static ProcessStartInfo Program(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        // A test run in the background of a shell hands on that it does not hear Ctrl-C.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "techmarket.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        // The servers of the test run are not the platform's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TECHMARKET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TechMarket.LocalServers;

/// <summary>How a child is started.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record ChildStart(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>Its environment, in full; null to inherit ours.</summary>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    /// <summary>A directory that the child finds as <see cref="ChildProcess.InheritedDirectory"/>, whether or not its account could
    /// reach it by name.</summary>
    public string? Directory { get; init; }

    /// <summary>The account to run as; null for our own.</summary>
    public ServerAccount? Account { get; init; }

    /// <summary>The file its output is appended to; null to hand every line to <see cref="OnLine"/>.</summary>
    public string? LogFile { get; init; }

    /// <summary>Takes each line of its output when there is no log file.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>What it is sent when this program ends without having stopped it.</summary>
    public Signal ParentDeathSignal { get; init; } = Signal.Terminate;
}

/// <summary>Signals by their Linux numbers.</summary>
public enum Signal
{
    /// <summary>Only asks whether the process is there.</summary>
    None = 0,

    /// <summary>SIGINT: PostgreSQL ends sessions and stops cleanly.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT: PostgreSQL stops at once and recovers at the next start.</summary>
    Quit = 3,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,
}

/// <summary>A process that belongs to this one: out of reach of the terminal's Ctrl-C (so that it stops in order), and told by the kernel
/// to stop when this program dies however suddenly.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Where a child finds the directory it was started with.</summary>
    public const string InheritedDirectory = "/proc/self/fd/9";

    // The kernel's «parent» is the thread that forked, so every child is forked by one thread that lives as long as the program.
    static readonly BlockingCollection<Action> Forks = StartForkThread();

    readonly Process process;

    ChildProcess(Process process)
    {
        this.process = process;
    }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Completes when it has ended and all its output was read.</summary>
    public Task WaitForExitAsync(CancellationToken ct) => process.WaitForExitAsync(ct);

    /// <summary>Starts a child.</summary>
    public static async Task<ChildProcess> StartAsync(ChildStart start)
    {
        var info = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = start.LogFile is null,
            RedirectStandardError = start.LogFile is null,
            WorkingDirectory = "/",
        };
        foreach (var argument in CommandLine(start)) info.ArgumentList.Add(argument);
        if (start.Environment is { } environment)
        {
            info.Environment.Clear();
            foreach (var (name, value) in environment) info.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Forks.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        var process = await started.Task;
        process.StandardInput.Close();
        if (start.LogFile is null)
        {
            process.OutputDataReceived += (_, e) => Report(e.Data);
            process.ErrorDataReceived += (_, e) => Report(e.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        return new ChildProcess(process);

        void Report(string? line)
        {
            if (line is not null) start.OnLine?.Invoke(line);
        }
    }

    /// <summary>Runs a program to its end and answers its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ChildStart start, CancellationToken ct)
    {
        var lines = new ConcurrentQueue<string>();
        await using var child = await StartAsync(start with { OnLine = lines.Enqueue });
        await child.WaitForExitAsync(ct);
        return (child.ExitCode, string.Join('\n', lines));
    }

    /// <summary>Sends a signal; nothing happens when the process is gone.</summary>
    public void Send(Signal signal)
    {
        if (!process.HasExited) Send(process.Id, signal);
    }

    /// <summary>Sends a signal to any process; false when there is none with this id, or it is another user's.</summary>
    public static bool Send(int processId, Signal signal) => kill(processId, (int)signal) == 0;

    /// <summary>Asks the process to stop, and kills it when it does not.</summary>
    public async Task StopAsync(Signal signal, TimeSpan patience)
    {
        Send(signal);
        using var timeout = new CancellationTokenSource(patience);
        await process.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited) return;
        Send(Signal.Kill);
        await process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));
        process.Dispose();
    }

    /// <summary>A program on PATH or in one of Debian's directories; null where it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>sh opens the directory and the log while it still has our rights, then becomes the child itself: same process id.</summary>
    static List<string> CommandLine(ChildStart start)
    {
        var script = "exec \"$@\"";
        if (start.Directory is not null) script = "exec 9<\"$1\"; shift; " + script;
        if (start.LogFile is not null) script = "exec >>\"$1\" 2>&1; shift; " + script;
        List<string> line = ["-c", script, "sh"];
        if (start.LogFile is not null) line.Add(start.LogFile);
        if (start.Directory is not null) line.Add(start.Directory);
        if (Find("setsid") is { } setsid) line.Add(setsid);
        if (Find("setpriv") is { } setpriv)
        {
            line.AddRange([setpriv, "--pdeathsig", NameOf(start.ParentDeathSignal)]);
            if (start.Account is { } account)
                line.AddRange([$"--reuid={account.UserId}", $"--regid={account.GroupId}", "--clear-groups", "--no-new-privs"]);
        }
        else if (start.Account is not null)
        {
            throw new CannotStartException("缺少 setpriv · setpriv is missing: apt-get install util-linux");
        }

        line.Add(start.FileName);
        line.AddRange(start.Arguments);
        return line;
    }

    static string NameOf(Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Quit => "QUIT",
        Signal.Kill => "KILL",
        _ => "TERM",
    };

    static BlockingCollection<Action> StartForkThread()
    {
        var forks = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var fork in forks.GetConsumingEnumerable()) fork();
        });
        thread.IsBackground = true;
        thread.Name = "children";
        thread.Start();
        return forks;
    }

    [DllImport("libc", SetLastError = true)]
    static extern int kill(int processId, int signal);
}

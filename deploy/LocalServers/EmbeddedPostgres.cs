using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace TechMarket.LocalServers;

/// <summary>What a PostgreSQL of our own is made for.</summary>
/// <param name="MaxConnections">Most sessions at once.</param>
/// <param name="Durable">False for tests only: a crash of the machine may lose everything.</param>
public sealed record PostgresOptions(int MaxConnections = 120, bool Durable = true);

/// <summary>A real PostgreSQL server on a directory of ours: made at the first start, stopped with the program, started again on the same
/// data however the last run ended. It listens on the loopback address alone, on a port the system chose, and asks for a password.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    readonly ChildProcess server;

    EmbeddedPostgres(ChildProcess server, string connectionString, int major)
    {
        this.server = server;
        ConnectionString = connectionString;
        Major = major;
    }

    /// <summary>An administrator's connection.</summary>
    public string ConnectionString { get; }

    /// <summary>The release that runs.</summary>
    public int Major { get; }

    /// <summary>The server's process.</summary>
    public int ProcessId => server.Id;

    /// <summary>Completes when the server has ended, of itself or because it was stopped.</summary>
    public Task WaitForExitAsync(CancellationToken ct) => server.WaitForExitAsync(ct);

    /// <summary>The release that made the data in a directory; null where there is none yet.</summary>
    public static int? MajorOf(string directory)
    {
        var file = Path.Combine(directory, "data", "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Starts the server.</summary>
    /// <param name="directory">Its own directory; may lie where only root comes.</param>
    /// <param name="password">Of the administrator <c>postgres</c>; the same at every start on the same directory.</param>
    /// <param name="options">What it is made for.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CannotStartException">PostgreSQL is not installed and cannot be fetched.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string directory, string password, PostgresOptions options, CancellationToken ct)
    {
        directory = Path.GetFullPath(directory);
        var binaries = await PostgresBinaries.FindAsync(MajorOf(directory), ct);
        var account = ServerAccount.Current();
        PrivateFile.CreateDirectory(directory);
        account?.Own(directory);
        if (MajorOf(directory) is null) await CreateClusterAsync(binaries, directory, password, account, options, ct);
        else await StopOrphanAsync(directory, ct);

        var log = Path.Combine(directory, "server.log");
        if (File.Exists(log) && new FileInfo(log).Length > 10_000_000) File.Move(log, log + ".1", overwrite: true);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var port = FreePort.Any();
            var said = File.Exists(log) ? new FileInfo(log).Length : 0;
            var server = await ChildProcess.StartAsync(new ChildStart(binaries.Program("postgres"), Arguments(port, options))
            {
                Directory = directory,
                Account = account,
                LogFile = log,
                ParentDeathSignal = Signal.Interrupt,
                Environment = PlainEnvironment,
            });
            var connectionString = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                Username = "postgres",
                Password = password,
                Database = "postgres",
            }.ConnectionString;
            try
            {
                if (await IsReadyAsync(server, directory, connectionString, ct)) return new EmbeddedPostgres(server, connectionString, binaries.Major);
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }

            // The port was taken between choosing and using it, or processes of a killed server are still going: both pass.
            var words = await LastWordsAsync(log, said);
            if (watch.Elapsed > TimeSpan.FromSeconds(20)
                || !words.Contains("in use", StringComparison.Ordinal) && !words.Contains("already exists", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {words} ({log})");
            }

            await Task.Delay(500, ct);
        }
    }

    /// <summary>Stops it cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        await server.StopAsync(Signal.Interrupt, StopPatience);
        await server.DisposeAsync();
    }

    static readonly Dictionary<string, string?> PlainEnvironment = new() { ["PATH"] = "/usr/bin:/bin", ["LC_ALL"] = "C", ["TZ"] = "UTC" };

    /// <summary>Small enough for a laptop beside everything else; a province gives its own server.</summary>
    static List<string> Arguments(int port, PostgresOptions options)
    {
        Dictionary<string, string> settings = new()
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "64MB",
            ["work_mem"] = "4MB",
            ["maintenance_work_mem"] = "32MB",
            ["max_wal_size"] = "512MB",
            ["max_worker_processes"] = "4",
            ["max_parallel_workers_per_gather"] = "0",
            ["autovacuum_max_workers"] = "2",
            ["jit"] = "off",
            ["password_encryption"] = "scram-sha-256",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
        };
        if (!options.Durable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }

        List<string> arguments = ["-D", $"{ChildProcess.InheritedDirectory}/data", "-p", port.ToString(CultureInfo.InvariantCulture)];
        foreach (var (name, value) in settings) arguments.AddRange(["-c", $"{name}={value}"]);
        return arguments;
    }

    static async Task CreateClusterAsync(
        PostgresBinaries binaries, string directory, string password, ServerAccount? account, PostgresOptions options, CancellationToken ct)
    {
        // A cluster that was half made when the program died is made anew; only a whole one gets its name.
        var draft = Path.Combine(directory, "data.new");
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        var passwordFile = Path.Combine(directory, "password.new");
        await PrivateFile.WriteAsync(passwordFile, password, ct);
        account?.Own(passwordFile);
        try
        {
            List<string> arguments =
            [
                "-D", $"{ChildProcess.InheritedDirectory}/data.new", "-U", "postgres", "-A", "scram-sha-256",
                $"--pwfile={ChildProcess.InheritedDirectory}/password.new", "-E", "UTF8", "--locale=C", "--data-checksums",
            ];
            if (!options.Durable) arguments.Add("--no-sync");
            var (exitCode, output) = await ChildProcess.RunAsync(
                new ChildStart(binaries.Program("initdb"), arguments) { Directory = directory, Account = account, Environment = PlainEnvironment }, ct);
            if (exitCode != 0) throw new InvalidOperationException($"initdb failed: {output}");
            Directory.Move(draft, Path.Combine(directory, "data"));
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>A server of an earlier run that is still there is stopped: it belongs to no program that could watch it. A process id that
    /// meanwhile belongs to somebody else does not stand in the way.</summary>
    static async Task StopOrphanAsync(string directory, CancellationToken ct)
    {
        var pidFile = Path.Combine(directory, "data", "postmaster.pid");
        if (!File.Exists(pidFile) || !int.TryParse((await File.ReadAllLinesAsync(pidFile, ct)).FirstOrDefault(), CultureInfo.InvariantCulture, out var id))
            return;
        if (!IsServerOf(id, directory))
        {
            if (ChildProcess.Send(id, Signal.None)) File.Delete(pidFile);
            return;
        }

        var shortPatience = TimeSpan.FromSeconds(5);
        foreach (var (signal, patience) in new[] { (Signal.Interrupt, StopPatience), (Signal.Quit, shortPatience), (Signal.Kill, shortPatience) })
        {
            ChildProcess.Send(id, signal);
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < patience)
            {
                if (!IsServerOf(id, directory)) return;
                await Task.Delay(PollInterval, ct);
            }
        }
    }

    static bool IsServerOf(int processId, string directory)
    {
        try
        {
            return new DirectoryInfo($"/proc/{processId}/cwd").ResolveLinkTarget(false)?.FullName == Path.Combine(directory, "data");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>True when it answers; false when it ended instead. After a crash it may replay its log for a while.</summary>
    static async Task<bool> IsReadyAsync(ChildProcess server, string directory, string connectionString, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var pidFile = Path.Combine(directory, "data", "postmaster.pid");
        while (!server.HasExited)
        {
            // The last line of the file says «ready» the moment it is; asking the port earlier would only be refused.
            if (File.Exists(pidFile) && (await File.ReadAllTextAsync(pidFile, ct)).Contains("\nready", StringComparison.Ordinal))
            {
                try
                {
                    await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
                    await connection.OpenAsync(ct);
                    return true;
                }
                catch (NpgsqlException e) when (e is not PostgresException { SqlState: "28P01" } && watch.Elapsed < StartPatience)
                {
                    // Not yet.
                }
            }

            if (watch.Elapsed > StartPatience) throw new TimeoutException("PostgreSQL did not become ready.");
            await Task.Delay(PollInterval, ct);
        }

        return false;
    }

    static async Task<string> LastWordsAsync(string log, long from)
    {
        await using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = from;
        using var reader = new StreamReader(file);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', lines.TakeLast(5));
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TechMarket.LocalServers;

/// <summary>Debian's RabbitMQ on directories, ports, a node name and a cookie of its own, on the loopback address alone; works as root and
/// as an ordinary user, and leaves a system-wide broker alone.</summary>
public sealed class LocalRabbitMq : IAsyncDisposable
{
    const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    readonly string directory;
    readonly string password;
    readonly int port;
    readonly int distributionPort;
    readonly int mapperPort;
    ChildProcess? mapper;
    ChildProcess? broker;

    LocalRabbitMq(string directory, string password, IReadOnlyList<int> ports)
    {
        this.directory = directory;
        this.password = password;
        (port, distributionPort, mapperPort) = (ports[0], ports[1], ports[2]);
    }

    /// <summary>The line that installs what is missing.</summary>
    public const string InstallLine = "没有 RabbitMQ · RabbitMQ is missing: apt-get install rabbitmq-server";

    /// <summary>True when it is installed.</summary>
    public static bool IsInstalled => File.Exists(Server) && ChildProcess.Find("epmd") is not null;

    /// <summary>Where services connect to.</summary>
    public Uri Address => new($"amqp://techmarket:{password}@127.0.0.1:{port}/");

    /// <summary>Starts a broker.</summary>
    /// <param name="directory">Its own directory; a broker that was there before finds its queues again.</param>
    /// <param name="password">Of its one user; the same at every start on the same directory.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CannotStartException">It is not installed.</exception>
    public static async Task<LocalRabbitMq> StartAsync(string directory, string password, CancellationToken ct)
    {
        if (!IsInstalled) throw new CannotStartException(InstallLine);
        directory = Path.GetFullPath(directory);
        foreach (var part in new[] { "", "mnesia", "log", "home" }) PrivateFile.CreateDirectory(Path.Combine(directory, part));
        var rabbit = new LocalRabbitMq(directory, password, FreePort.Several(3));
        await rabbit.WriteSettingsAsync(ct);
        try
        {
            await rabbit.StartAsync(ct);
        }
        catch
        {
            await rabbit.DisposeAsync();
            throw;
        }

        return rabbit;
    }

    /// <summary>Starts it again, on the same port, after <see cref="StopAsync"/> or a kill.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOME"] = Path.Combine(directory, "home"),
            ["LC_ALL"] = "C.UTF-8",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Text(mapperPort),
            // The name of a node is part of its data: always the same, told apart by the mapper's port.
            ["RABBITMQ_NODENAME"] = "techmarket@localhost",
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(directory, "none.conf"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(directory, "rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(directory, "none.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(directory, "enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(directory, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(directory, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(directory, "pid"),
            ["RABBITMQ_DIST_PORT"] = Text(distributionPort),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
            // Makes Debian's script become the broker instead of waiting beside it.
            ["detached"] = "1",
        };
        // Erlang would leave a port mapper behind; one of our own ends with us.
        mapper ??= await ChildProcess.StartAsync(new ChildStart(ChildProcess.Find("epmd")!, ["-port", Text(mapperPort)])
        {
            Environment = environment,
            LogFile = Path.Combine(directory, "log", "epmd.log"),
        });
        var log = Path.Combine(directory, "log", "server.log");
        broker = await ChildProcess.StartAsync(new ChildStart(Server, []) { Environment = environment, LogFile = log });
        var watch = Stopwatch.StartNew();
        while (!await AnswersAsync(port, ct))
        {
            if (broker.HasExited || watch.Elapsed > StartPatience)
                throw new InvalidOperationException($"RabbitMQ did not start, see {log}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>Stops the broker in order; what is durable stays.</summary>
    public Task StopAsync() => broker?.StopAsync(Signal.Terminate, StopPatience) ?? Task.CompletedTask;

    /// <summary>Kills the broker, as a power cut would.</summary>
    public Task KillAsync() => broker?.StopAsync(Signal.Kill, StopPatience) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (broker is not null) await broker.DisposeAsync();
        if (mapper is not null) await mapper.DisposeAsync();
    }

    async Task WriteSettingsAsync(CancellationToken ct)
    {
        await PrivateFile.WriteAsync(Path.Combine(directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Text(port)}
            default_user = techmarket
            default_pass = {password}
            vm_memory_high_watermark.absolute = 512MB
            disk_free_limit.absolute = 100MB
            log.console = true
            log.console.level = warning
            log.file = false

            """, ct);
        await PrivateFile.WriteAsync(Path.Combine(directory, "enabled_plugins"), "[].\n", ct);
        var cookie = Path.Combine(directory, "home", ".erlang.cookie");
        if (File.Exists(cookie)) return;
        await PrivateFile.WriteAsync(cookie, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20)), ct);
        File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
    }

    /// <summary>It speaks AMQP once it greets a wrong header with the right one.</summary>
    static async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\0\0"u8.ToArray(), ct);
            var answer = new byte[8];
            await stream.ReadExactlyAsync(answer, ct);
            return answer.AsSpan(0, 4).SequenceEqual("AMQP"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

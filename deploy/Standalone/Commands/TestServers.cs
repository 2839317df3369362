using System.Diagnostics;
using System.Security.Cryptography;
using TechMarket.LocalServers;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket test-servers COMMAND …</c>: runs a command with a PostgreSQL and, where it is installed, a RabbitMQ that live no longer
/// than it: what all test processes of one run share. Servers given by the environment are left as they are.</summary>
public static class TestServers
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("test-servers", "在临时服务器上运行一条命令 · run a command on servers of its own, for tests", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var command = arguments.Rest();
        if (command.Count == 0) throw new ArgumentException("缺少命令 · a command is missing");
        var directory = Directory.CreateTempSubdirectory("techmarket-test-").FullName;
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        try
        {
            var starting = LocalRabbitMq.IsInstalled && IsMissing("TECHMARKET_RABBITMQ")
                ? LocalRabbitMq.StartAsync(Path.Combine(directory, "rabbitmq"), password, ct)
                : null;
            await using var postgres = IsMissing("TECHMARKET_POSTGRES")
                ? await Progress.StepAsync("启动 PostgreSQL · starting PostgreSQL", () => EmbeddedPostgres.StartAsync(
                    Path.Combine(directory, "postgres"), password, new PostgresOptions(MaxConnections: 500, Durable: false), ct))
                : null;
            await using var rabbit = starting is null ? null : await Progress.StepAsync("启动 RabbitMQ · starting RabbitMQ", () => starting);

            var start = new ProcessStartInfo(command[0], command.Skip(1));
            if (postgres is not null) start.Environment["TECHMARKET_POSTGRES"] = postgres.ConnectionString;
            if (rabbit is not null) start.Environment["TECHMARKET_RABBITMQ"] = rabbit.Address.ToString();
            using var process = Process.Start(start)!;
            await using var stopping = ct.Register(() => ChildProcess.Send(process.Id, Signal.Terminate));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    static bool IsMissing(string variable) => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}

using System.Security.Cryptography;
using TechMarket.LocalServers;

namespace TechMarket.TestKit;

/// <summary>A RabbitMQ of a test's own, which it may stop and kill.</summary>
public sealed class TestRabbit : IAsyncDisposable
{
    readonly string directory;

    TestRabbit(string directory, LocalRabbitMq server)
    {
        this.directory = directory;
        Server = server;
    }

    /// <summary>Why tests that need it cannot run here; null where they can.</summary>
    public static string? Missing => LocalRabbitMq.IsInstalled ? null : LocalRabbitMq.InstallLine;

    public LocalRabbitMq Server { get; }

    public static async Task<TestRabbit> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("techmarket-rabbit-").FullName;
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new TestRabbit(directory, await LocalRabbitMq.StartAsync(directory, password, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}

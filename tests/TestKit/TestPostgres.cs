using System.Security.Cryptography;
using TechMarket.LocalServers;

namespace TechMarket.TestKit;

/// <summary>The one PostgreSQL server of a test run: the one given by <c>TECHMARKET_POSTGRES</c> (<c>./dev test</c> starts one for all test
/// processes), else one that this process starts and stops.</summary>
public static class TestPostgres
{
    static readonly Lazy<Task<string>> Own = new(StartAsync);

    public static Task<string> ConnectionStringAsync(CancellationToken ct) =>
        Environment.GetEnvironmentVariable("TECHMARKET_POSTGRES") is { Length: > 0 } given ? Task.FromResult(given) : Own.Value.WaitAsync(ct);

    static async Task<string> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("techmarket-test-").FullName;
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var server = await EmbeddedPostgres.StartAsync(
            directory, password, new PostgresOptions(MaxConnections: 300, Durable: false), CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Directory.Delete(directory, recursive: true);
        };
        return server.ConnectionString;
    }
}

using Dapper;
using Npgsql;
using TechMarket.ServiceKit;

namespace TechMarket.TestKit;

/// <summary>A database of its own on a real PostgreSQL, dropped at the end. The server is the one given (<c>TECHMARKET_POSTGRES</c>) or one that
/// this run starts.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly string server;
    readonly string name;

    TestDatabase(string server, string name)
    {
        this.server = server;
        this.name = name;
        Admin = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;
    }

    /// <summary>An administrator's connection to the database.</summary>
    public string Admin { get; }

    public static async Task<TestDatabase> CreateAsync(CancellationToken ct = default)
    {
        var server = await TestPostgres.ConnectionStringAsync(ct);
        var name = $"t_{Guid.CreateVersion7():N}";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(ct);
        await connection.ExecuteAsync($"create database {name}");
        return new TestDatabase(server, name);
    }

    /// <summary>The connection string of a service's own role.</summary>
    public Task<string> ProvisionAsync(string service, int poolSize = 20, CancellationToken ct = default) =>
        Provisioning.EnsureAsync(Admin, service, "a secret for tests only", poolSize, ct);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await connection.ExecuteAsync($"drop database if exists {name} with (force)");
        foreach (var role in await connection.QueryAsync<string>("select rolname from pg_roles where rolname like @pattern", new { pattern = $"{name}\\_%" }))
            await connection.ExecuteAsync($"drop role \"{role}\"");
    }
}

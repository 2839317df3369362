using System.Diagnostics;
using Npgsql;
using TechMarket.LocalServers;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.SystemTests.Hosting;

public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    const string Password = "a password for tests only";
    static readonly PostgresOptions Options = new(MaxConnections: 20, Durable: false);
    readonly string directory = Directory.CreateTempSubdirectory("techmarket-postgres-").FullName;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(directory, recursive: true);
        return default;
    }

    [Fact]
    public async Task It_starts_below_a_directory_that_only_its_owner_may_enter()
    {
        var closed = Path.Combine(directory, "closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (var server = await StartAsync(Path.Combine(closed, "postgres")))
        {
            Assert.Equal(1, await ScalarAsync(server, "select 1"));
            Assert.NotEqual("0", OwnerOf(server.ProcessId));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(closed));
        await using var again = await StartAsync(Path.Combine(closed, "postgres"));
        Assert.Equal(1, await ScalarAsync(again, "select 1"));
    }

    [Fact]
    public async Task A_server_left_over_by_an_earlier_run_is_stopped_and_its_data_are_there()
    {
        var first = await StartAsync(directory);
        await using (first)
        {
            await ScalarAsync(first, "create table kept as select 7 as id; select 1");
            // Nobody stops the first: to the second it is the orphan of a program that died.
            await using var second = await StartAsync(directory);
            Assert.NotEqual(first.ProcessId, second.ProcessId);
            Assert.Equal(7, await ScalarAsync(second, "select id from kept"));
            await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Killed_it_recovers_what_was_committed()
    {
        await using (var first = await EmbeddedPostgres.StartAsync(directory, Password, Options with { Durable = true }, CancellationToken.None))
        {
            await ScalarAsync(first, "create table kept as select 7 as id; select 1");
            ChildProcess.Send(first.ProcessId, Signal.Kill);
            await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using var second = await StartAsync(directory);
        Assert.Equal(7, await ScalarAsync(second, "select id from kept"));
    }

    [Fact]
    public async Task A_process_id_that_meanwhile_belongs_to_another_does_not_stand_in_the_way()
    {
        await using (var server = await StartAsync(directory)) Assert.Equal(1, await ScalarAsync(server, "select 1"));
        using var stranger = Process.Start("sleep", "600");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "data/postmaster.pid"), $"{stranger.Id}\n{directory}/data\n1\n5432\n\n127.0.0.1\n");
            await using var again = await StartAsync(directory);
            Assert.Equal(1, await ScalarAsync(again, "select 1"));
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task What_was_half_made_when_the_program_died_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(directory, "data.new/base"));
        await using var server = await StartAsync(directory);
        Assert.Equal(1, await ScalarAsync(server, "select 1"));
    }

    [Fact]
    public async Task Without_the_password_nobody_comes_in()
    {
        await using var server = await StartAsync(directory);
        foreach (var wrong in new[] { "", "wrong" })
        {
            var connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = wrong, Pooling = false }.ConnectionString;
            await using var connection = new NpgsqlConnection(connectionString);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Data_of_a_release_that_is_not_there_is_one_line()
    {
        Directory.CreateDirectory(Path.Combine(directory, "data"));
        await File.WriteAllTextAsync(Path.Combine(directory, "data/PG_VERSION"), "11\n");
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => StartAsync(directory));
        Assert.Contains("PostgreSQL 11", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    static Task<EmbeddedPostgres> StartAsync(string at) => EmbeddedPostgres.StartAsync(at, Password, Options, CancellationToken.None);

    static async Task<int> ScalarAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    static string OwnerOf(int processId) =>
        File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
}

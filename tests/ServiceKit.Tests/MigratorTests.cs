using Dapper;
using Npgsql;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.ServiceKit.Tests;

public sealed class MigratorTests
{
    static readonly System.Reflection.Assembly[] Assemblies = [typeof(ServiceHost).Assembly, typeof(NoteService).Assembly];

    [Fact]
    public async Task Eight_processes_that_start_at_once_migrate_once()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var source = NpgsqlDataSource.Create(await database.ProvisionAsync("notes"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Migrator.RunAsync(source, Assemblies, CancellationToken.None)));
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, await connection.QuerySingleAsync<int>("select count(*) from migration"));
    }

    [Fact]
    public async Task A_file_that_changed_after_it_ran_stops_the_start()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var source = NpgsqlDataSource.Create(await database.ProvisionAsync("notes"));
        await Migrator.RunAsync(source, Assemblies, CancellationToken.None);
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
            await connection.ExecuteAsync("update migration set sha256 = 'another' where component = 'TechMarket.ServiceKit.Tests'");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrator.RunAsync(source, Assemblies, CancellationToken.None));
        Assert.Contains("0001_note.sql was changed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_sees_no_schema_but_its_own()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var mine = NpgsqlDataSource.Create(await database.ProvisionAsync("notes"));
        await using var other = NpgsqlDataSource.Create(await database.ProvisionAsync("others"));
        await Migrator.RunAsync(other, Assemblies, CancellationToken.None);
        await using var connection = await mine.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.QueryAsync("select text from others.note"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }
}

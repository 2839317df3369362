using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace TechMarket.ServiceKit;

/// <summary>Brings the schema of a service to the state its code expects: numbered SQL, forward only. A file that changed after it ran
/// stops the start, for two databases would then differ and nobody would know.</summary>
public static class Migrator
{
    /// <summary>Runs the embedded <c>Migrations/NNNN_name.sql</c> of each assembly in the given order, each file once, each in a transaction.
    /// Several processes may start at once; one of them does the work.</summary>
    /// <param name="database">Of the service, its schema first in the search path.</param>
    /// <param name="assemblies">Whose migrations run, in this order.</param>
    /// <param name="ct">Gives up between two files.</param>
    /// <param name="runs">Which of them run, by component and number: a backup is put back into the schema it was taken from. All when null.</param>
    /// <exception cref="InvalidOperationException">A file that ran was changed or removed.</exception>
    public static async Task RunAsync(
        NpgsqlDataSource database, IEnumerable<Assembly> assemblies, CancellationToken ct, Func<string, int, bool>? runs = null)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("select pg_advisory_lock(hashtext(current_schema() || '.migration'))", commandTimeout: 300);
        await connection.ExecuteAsync("""
            create table if not exists migration (
                component text not null, number integer not null, name text not null, sha256 text not null, applied_at timestamptz not null,
                constraint migration_is_unique primary key (component, number))
            """);
        foreach (var assembly in assemblies) await RunAsync(connection, assembly, runs, ct);
        await connection.ExecuteAsync("select pg_advisory_unlock(hashtext(current_schema() || '.migration'))");
    }

    static async Task RunAsync(NpgsqlConnection connection, Assembly assembly, Func<string, int, bool>? runs, CancellationToken ct)
    {
        var component = assembly.GetName().Name!;
        var applied = (await connection.QueryAsync<(int Number, string Sha256)>(
            "select number, sha256 from migration where component = @component order by number", new { component })).ToDictionary();
        var number = 0;
        foreach (var (name, sql) in Files(assembly))
        {
            number++;
            if (int.Parse(name[..4], CultureInfo.InvariantCulture) != number)
                throw new InvalidOperationException($"{component}: migration {name} should have number {number:0000}.");
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (applied.Remove(number, out var known))
            {
                if (known != hash) throw new InvalidOperationException($"{component}: migration {name} was changed after it ran.");
                continue;
            }

            if (runs?.Invoke(component, number) == false) break;
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(sql, transaction: transaction, commandTimeout: 0, cancellationToken: ct));
            await connection.ExecuteAsync(
                "insert into migration (component, number, name, sha256, applied_at) values (@component, @number, @name, @hash, now())",
                new { component, number, name, hash }, transaction);
            await transaction.CommitAsync(ct);
        }

        if (applied.Count > 0)
            throw new InvalidOperationException($"{component}: the database is newer than this program (migration {applied.Keys.Max():0000} is unknown).");
    }

    static IEnumerable<(string Name, string Sql)> Files(Assembly assembly) =>
        assembly.GetManifestResourceNames()
            .Where(resource => resource.Contains(".Migrations.", StringComparison.Ordinal) && resource.EndsWith(".sql", StringComparison.Ordinal))
            .Select(resource => (Name: resource[(resource.IndexOf(".Migrations.", StringComparison.Ordinal) + 12)..], resource))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(file.resource)!);
                return (file.Name, reader.ReadToEnd().ReplaceLineEndings("\n"));
            });
}

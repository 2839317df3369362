using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace TechMarket.ServiceKit;

/// <summary>Gives every service its own schema and a role that sees no other. Run with an administrator's connection, before the services start.</summary>
public static class Provisioning
{
    /// <summary>Creates or repairs the role and the schema of a service and answers the connection string of that role. Safe to repeat and
    /// to run from several processes.</summary>
    /// <param name="admin">A connection string whose role may create roles and schemas.</param>
    /// <param name="service">The service's name; the role is <c>techmarket_NAME</c>, the schema is the name.</param>
    /// <param name="secret">Of at least 16 characters; the role's password is derived from it, so that every process finds the same one.</param>
    /// <param name="poolSize">Most connections one process may hold.</param>
    public static async Task<string> EnsureAsync(string admin, string service, string secret, int poolSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 16);
        // Roles belong to the whole server, schemas to one database, so the role carries the database's name.
        var builder = new NpgsqlConnectionStringBuilder(admin);
        var role = $"{builder.Database ?? "postgres"}_{service}".ToLowerInvariant();
        var password = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(role)));
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(admin) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync($"""
            select pg_advisory_xact_lock(hashtext('techmarket.provisioning'));
            do $do$ begin
                if not exists (select from pg_roles where rolname = '{role}') then create role "{role}" login; end if;
            end $do$;
            alter role "{role}" with login nosuperuser nocreatedb nocreaterole password '{password}';
            grant connect on database "{connection.Database}" to "{role}";
            grant "{role}" to current_user;
            create schema if not exists "{service}" authorization "{role}";
            revoke all on schema public from public;
            revoke all on schema "{service}" from public;
            """, transaction: transaction);
        await transaction.CommitAsync(ct);

        builder.Username = role;
        builder.Password = password;
        builder.SearchPath = service;
        builder.ApplicationName = $"techmarket-{service}";
        builder.MaxPoolSize = poolSize;
        return builder.ConnectionString;
    }
}

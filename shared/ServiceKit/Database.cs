using System.Data;
using Dapper;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace TechMarket.ServiceKit;

/// <summary>The schema of one service: reads outside a transaction, and the beginning of one.</summary>
/// <param name="source">Connections of the service's own role.</param>
/// <param name="clock">The time that rows are stamped with.</param>
/// <param name="requests">Finds the request at hand, whose idempotency key a transaction honours.</param>
/// <param name="relaySignal">Wakes the relay after a commit that published something.</param>
public sealed class Database(NpgsqlDataSource source, TimeProvider clock, IHttpContextAccessor requests, RelaySignal relaySignal)
{
    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTimestamps());
        SqlMapper.AddTypeHandler(new Dates());
    }

    /// <summary>The connections themselves, for what Dapper cannot do: bulk copy, listening.</summary>
    public NpgsqlDataSource Source => source;

    /// <summary>The rows of a query, each statement a snapshot of its own.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: ct))).AsList();
    }

    /// <summary>The one row of a query, or the type's default when there is none.</summary>
    public async Task<T?> SingleOrDefaultAsync<T>(string sql, object? arguments, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: ct));
    }

    /// <summary>Begins a transaction at read committed: what must not race is locked or constrained by the statements themselves.</summary>
    public async Task<Transaction> BeginAsync(CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        try
        {
            var inner = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
            return new Transaction(connection, inner, clock, requests.HttpContext, relaySignal);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    sealed class UtcTimestamps : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.TimestampTz;
            parameter.Value = value.UtcDateTime;
        }
    }

    sealed class Dates : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value is DateOnly date ? date : DateOnly.FromDateTime((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateOnly value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Date;
            parameter.Value = value;
        }
    }
}

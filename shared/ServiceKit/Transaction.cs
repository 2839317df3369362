using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Npgsql;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>One change of a service's state: its rows, the events that announce it, the audit entry and the answer to an idempotent
/// request commit together or not at all. Disposed without a commit, nothing happened.</summary>
public sealed class Transaction : IAsyncDisposable
{
    readonly NpgsqlConnection connection;
    readonly NpgsqlTransaction transaction;
    readonly HttpContext? request;
    readonly RelaySignal relaySignal;
    readonly List<Action> afterCommit = [];
    readonly List<EventMessage> published = [];
    readonly List<AuditEntry> audits = [];

    internal Transaction(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TimeProvider clock, HttpContext? request, RelaySignal relaySignal)
    {
        this.connection = connection;
        this.transaction = transaction;
        this.request = request;
        this.relaySignal = relaySignal;
        Now = clock.GetUtcNow();
    }

    /// <summary>When the transaction began; every row of it carries this time.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The connection, for bulk copy. Whatever is done with it belongs to this transaction.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>Runs a statement; answers the rows it touched.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct));

    /// <summary>The rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken ct) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct))).AsList();

    /// <summary>The one row of a query, or the type's default when there is none.</summary>
    public Task<T?> SingleOrDefaultAsync<T>(string sql, object? arguments, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct));

    /// <summary>Announces what changed. Written to the outbox at the commit; delivered after it, at least once, in order for one aggregate
    /// (whose row this transaction must have locked).</summary>
    public void Publish(Guid aggregateId, object value) =>
        published.Add(new EventMessage(
            Guid.CreateVersion7(Now), aggregateId, value.GetType().Name, EventCatalogue.Write(value), Activity.Current?.Id, Now));

    /// <summary>Records an administrative act in the append-only, hash-chained log.</summary>
    /// <param name="caller">Who did it.</param>
    /// <param name="action">What, as noun.verb: <c>organisation.verified</c>.</param>
    /// <param name="subject">The id of what it was done to.</param>
    /// <param name="detail">What an auditor needs to see; no secrets, no personal data beyond ids.</param>
    public void Audit(Caller? caller, string action, object subject, object? detail = null) =>
        audits.Add(new AuditEntry(caller?.PersonId, caller?.OrganisationId, action, subject.ToString()!,
            JsonSerializer.Serialize(detail ?? new { }, Json.Options)));

    /// <summary>Runs when the commit has succeeded: memory that follows the database.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    /// <summary>Commits without an answer worth remembering: consumers, background work, answers that carry a secret.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        await WriteOutboxAsync(ct);
        foreach (var audit in audits)
        {
            await ExecuteAsync("select append_audit(@at, @Actor, @Organisation, @Action, @Subject, @Detail)",
                new { at = Now, audit.Actor, audit.Organisation, audit.Action, audit.Subject, audit.Detail }, ct);
        }

        await transaction.CommitAsync(ct);
        foreach (var action in afterCommit) action();
        if (published.Count > 0) relaySignal.Raise();
    }

    /// <summary>Commits together with the answer, which an <c>Idempotency-Key</c> will give again. When the same request raced with itself
    /// and lost, nothing is committed and the winner's answer is given.</summary>
    public async Task<IResult> CommitAsync(Answer answer, CancellationToken ct)
    {
        if (request?.Features.Get<IdempotentRequest>() is { } idempotent)
        {
            try
            {
                await idempotent.RememberAsync(this, answer, request, ct);
            }
            catch (PostgresException e) when (e.ConstraintName == "idempotency_key_is_unique")
            {
                await transaction.RollbackAsync(ct);
                return (await idempotent.FindAsync(connection, ct))!;
            }
        }

        await CommitAsync(ct);
        return answer;
    }

    /// <summary>The first answer to a request that comes again with its idempotency key; null for a new one. For use cases that decide several
    /// requests in one transaction.</summary>
    public Task<IResult?> RepeatedAsync(HttpContext context, CancellationToken ct) =>
        context.Features.Get<IdempotentRequest>() is { } idempotent ? idempotent.FindAsync(connection, ct) : Task.FromResult<IResult?>(null);

    /// <summary>Keeps the answer of one of several requests for its repetition, if it has a key.</summary>
    public Task RememberAsync(HttpContext context, Answer answer, CancellationToken ct) =>
        context.Features.Get<IdempotentRequest>() is { } idempotent ? idempotent.RememberAsync(this, answer, context, ct) : Task.CompletedTask;

    Task WriteOutboxAsync(CancellationToken ct) => published.Count == 0
        ? Task.CompletedTask
        : ExecuteAsync("""
            insert into outbox (message_id, aggregate_id, type, body, trace_parent, created_at)
            select message_id, aggregate_id, type, body::jsonb, trace_parent, @Now
            from unnest(@ids, @aggregates, @types, @bodies, @traces) with ordinality
                 as e (message_id, aggregate_id, type, body, trace_parent, ordinal)
            order by ordinal
            """,
            new
            {
                Now,
                ids = published.Select(e => e.MessageId).ToArray(),
                aggregates = published.Select(e => e.AggregateId).ToArray(),
                types = published.Select(e => e.Type).ToArray(),
                bodies = published.Select(e => e.Body).ToArray(),
                traces = published.Select(e => e.TraceParent).ToArray(),
            }, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    sealed record AuditEntry(Guid? Actor, Guid? Organisation, string Action, string Subject, string Detail);
}

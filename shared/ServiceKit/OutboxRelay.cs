using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>Wakes the relay of a service as soon as something was committed for it, so that it need not poll fast.</summary>
public sealed class RelaySignal : IDisposable
{
    readonly SemaphoreSlim raised = new(0, 1);

    /// <summary>There is something to send.</summary>
    public void Raise()
    {
        try
        {
            raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is raised already.
        }
    }

    /// <summary>Returns when raised, or after the longest wait (another process may have written the row).</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken ct) => raised.WaitAsync(longest, ct);

    /// <inheritdoc/>
    public void Dispose() => raised.Dispose();
}

/// <summary>The way events leave a service: to the broker, or straight to the consumers in the process.</summary>
public interface IEventTransport
{
    /// <summary>Sends events in their order; returns only when they are safe: confirmed by the broker, or committed by every consumer.</summary>
    Task SendAsync(EventEnvelope envelope, CancellationToken ct);
}

/// <summary>Sends what the outbox holds, in order, and marks it sent only when it is safe. One relay a service is active, however many
/// processes run: it holds a session lock, and another takes over when that session ends.</summary>
public sealed class OutboxRelay(
    string service, NpgsqlDataSource database, IEventTransport transport, RelaySignal signal, TimeProvider clock, ILogger<OutboxRelay> logger)
    : BackgroundService
{
    const int BatchRows = 200;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                if (await connection.QuerySingleAsync<bool>("select pg_try_advisory_lock(hashtext(current_schema() || '.relay'))"))
                    await RelayAsync(connection, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The rows stay unsent; whatever was in the way, the next round tries again.
                logger.LogWarning("{Service}: the relay pauses: {Message}", service, e.Message);
            }

            await Task.Delay(RetryInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task RelayAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        while (true)
        {
            var rows = (await connection.QueryAsync<OutboxRow>(new CommandDefinition("""
                select position, message_id, aggregate_id, type, body::text as body, trace_parent, created_at as published_at
                from outbox where sent_at is null order by position limit @BatchRows
                """, new { BatchRows }, cancellationToken: ct))).AsList();
            if (rows.Count == 0)
            {
                await signal.WaitAsync(PollInterval, ct);
                continue;
            }

            var events = rows.Select(row =>
                new EventMessage(row.MessageId, row.AggregateId, row.Type, row.Body, row.TraceParent, row.PublishedAt)).ToList();
            await transport.SendAsync(new EventEnvelope(service, events), ct);
            await connection.ExecuteAsync(new CommandDefinition(
                "update outbox set sent_at = clock_timestamp() where position = any(@positions)",
                new { positions = rows.Select(row => row.Position).ToArray() }, cancellationToken: ct));
        }
    }

    sealed record OutboxRow(
        long Position, Guid MessageId, Guid AggregateId, string Type, string Body, string? TraceParent, DateTimeOffset PublishedAt);
}

/// <summary>Standalone: events go straight to the consumers of all services in the process.</summary>
public sealed class InProcessTransport : IEventTransport
{
    readonly List<EventDelivery> deliveries = [];

    /// <summary>A service joins. Before the first relay starts, all services must have joined, or they would miss events.</summary>
    public void Join(EventDelivery delivery) => deliveries.Add(delivery);

    /// <inheritdoc/>
    public async Task SendAsync(EventEnvelope envelope, CancellationToken ct)
    {
        // Not in parallel: a consumer's order must hold, and one that is down must not be overtaken by the mark.
        foreach (var delivery in deliveries) await delivery.DeliverAsync(envelope.Events, ct);
    }
}

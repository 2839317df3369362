using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>What a service does when an event arrives: its SQL in the transaction that also marks the event as received.</summary>
/// <param name="Type">The name of the event.</param>
/// <param name="HandleAsync">The work; throws only when the event cannot be applied.</param>
public sealed record Consumer(string Type, Func<object, Transaction, IServiceProvider, CancellationToken, Task> HandleAsync)
{
    /// <summary>Declares the consumer of an event.</summary>
    public static Consumer On<TEvent>(Func<TEvent, Transaction, IServiceProvider, CancellationToken, Task> handle)
        where TEvent : class =>
        new(typeof(TEvent).Name, (value, transaction, services, ct) => handle((TEvent)value, transaction, services, ct));
}

/// <summary>Applies arriving events to a service: each once in effect however often it is delivered, in order, poison parked where an
/// operator sees it. Throws only when the service cannot work at all just now; then nothing was applied and the batch comes again.</summary>
public sealed class EventDelivery(
    string service, IReadOnlyList<Consumer> consumers, Database database, IServiceProvider services, ILogger<EventDelivery> logger)
{
    const int AttemptsMax = 3;
    readonly Dictionary<string, Consumer> byType = consumers.ToDictionary(consumer => consumer.Type);

    /// <summary>The names of the events this service wants.</summary>
    public IReadOnlyCollection<string> Types => byType.Keys;

    /// <summary>Applies events in their order. When it returns, every one of them is committed or parked as a dead letter.</summary>
    public async Task DeliverAsync(IReadOnlyList<EventMessage> events, CancellationToken ct)
    {
        var wanted = events.Where(e => byType.ContainsKey(e.Type)).ToList();
        if (wanted.Count == 0) return;
        try
        {
            await ApplyAsync(wanted, ct);
        }
        catch (Exception e) when (!IsOutage(e, ct))
        {
            // One of them is poison. Taken singly, the others get through and the poison is parked.
            if (wanted.Count > 1) logger.LogWarning(e, "{Service}: a batch of {Count} events failed and is applied singly", service, wanted.Count);
            foreach (var one in wanted) await ApplyOrParkAsync(one, ct);
        }
    }

    async Task ApplyAsync(IReadOnlyList<EventMessage> events, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        var fresh = (await transaction.QueryAsync<Guid>("""
            insert into inbox (message_id, received_at) select distinct id, @Now from unnest(@ids) as i (id)
            on conflict do nothing returning message_id
            """, new { transaction.Now, ids = events.Select(e => e.MessageId).ToArray() }, ct)).ToHashSet();
        foreach (var e in events)
        {
            if (!fresh.Remove(e.MessageId)) continue;
            using var activity = Telemetry.Source.StartActivity($"consume {e.Type}", ActivityKind.Consumer, e.TraceParent);
            await byType[e.Type].HandleAsync(EventCatalogue.Read(e.Type, e.Body)!, transaction, services, ct);
        }

        await transaction.CommitAsync(ct);
    }

    async Task ApplyOrParkAsync(EventMessage e, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ApplyAsync([e], ct);
                return;
            }
            catch (Exception failure) when (!IsOutage(failure, ct))
            {
                if (attempt < AttemptsMax) continue;
                logger.LogError(failure, "{Service}: event {Type} {MessageId} is parked as a dead letter", service, e.Type, e.MessageId);
                await ParkAsync(e, failure, ct);
                return;
            }
        }
    }

    async Task ParkAsync(EventMessage e, Exception failure, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        await transaction.ExecuteAsync("""
            insert into dead_letter (message_id, aggregate_id, type, body, trace_parent, published_at, error, failed_at)
            values (@MessageId, @AggregateId, @Type, @Body::jsonb, @TraceParent, @PublishedAt, @error, @Now)
            on conflict (message_id) do update set error = excluded.error, failed_at = excluded.failed_at
            """,
            new { e.MessageId, e.AggregateId, e.Type, e.Body, e.TraceParent, e.PublishedAt, error = failure.ToString(), transaction.Now }, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>True when the database or the process is going away, which says nothing about the event.</summary>
    static bool IsOutage(Exception e, CancellationToken ct) =>
        ct.IsCancellationRequested
        || e is NpgsqlException { IsTransient: true }
        || e is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" }
        || e is NpgsqlException and not PostgresException
        || e.InnerException is { } inner && IsOutage(inner, ct);
}

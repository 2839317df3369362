using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>What an operator sees of every service: health, and the events that could not be applied, with a way to apply them again.</summary>
static class Operations
{
    static readonly TimeSpan OldestUnsentMax = TimeSpan.FromMinutes(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).ForAnyone().ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).ForAnyone().ExcludeFromDescription();
        routes.MapGet("/admin/dead-letters", ListAsync).ForRoles(Roles.Operator).WithSummary("Events that could not be applied here");
        routes.MapPost("/admin/dead-letters/{messageId:guid}/replay", ReplayAsync).ForRoles(Roles.Operator)
            .WithSummary("Apply such an event again");
        routes.MapGet("/admin/audit-log", AuditLogAsync).ForRoles(Roles.Operator, Roles.Auditor)
            .WithSummary("The append-only log of administrative acts");
    }

    static async Task<IResult> ReadyAsync(Database database, IEnumerable<IReadinessCheck> checks, TimeProvider clock, CancellationToken ct)
    {
        string? reason = null;
        try
        {
            var oldest = await database.SingleOrDefaultAsync<DateTimeOffset?>("select min(created_at) from outbox where sent_at is null", null, ct);
            if (oldest < clock.GetUtcNow() - OldestUnsentMax) reason = "events are not sent";
            foreach (var check in checks) reason ??= await check.ReasonNotReadyAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            reason = e is Npgsql.NpgsqlException ? "the database does not answer" : "a check failed";
        }

        return reason is null
            ? TypedResults.Ok(new { status = "ready" })
            : TypedResults.Json(new { status = "not ready", reason }, statusCode: 503);
    }

    static async Task<IResult> ListAsync(Database database, int? limit, CancellationToken ct) =>
        Answer.Ok(new
        {
            items = await database.QueryAsync<DeadLetter>("""
                select message_id, aggregate_id, type, body::text as body, trace_parent, published_at, error, failed_at, replayed_at
                from dead_letter order by failed_at desc limit @limit
                """, new { limit = Math.Clamp(limit ?? 50, 1, 100) }, ct),
        });

    static async Task<IResult> ReplayAsync(
        Guid messageId, Caller caller, Database database, EventDelivery delivery, CancellationToken ct)
    {
        var letter = await database.SingleOrDefaultAsync<DeadLetter>("""
            select message_id, aggregate_id, type, body::text as body, trace_parent, published_at, error, failed_at, replayed_at
            from dead_letter where message_id = @messageId
            """, new { messageId }, ct);
        if (letter is null) return Answer.NotFound;
        await delivery.DeliverAsync(
            [new EventMessage(letter.MessageId, letter.AggregateId, letter.Type, letter.Body, letter.TraceParent, letter.PublishedAt)], ct);

        await using var transaction = await database.BeginAsync(ct);
        var applied = await transaction.ExecuteAsync("""
            update dead_letter set replayed_at = @Now, replayed_by = @PersonId
            where message_id = @messageId and exists (select from inbox where message_id = @messageId)
            """, new { messageId, transaction.Now, caller.PersonId }, ct) == 1;
        transaction.Audit(caller, "dead-letter.replayed", messageId, new { applied });
        return await transaction.CommitAsync(Answer.Ok(new { messageId, applied }), ct);
    }

    static async Task<IResult> AuditLogAsync(Database database, long? after, int? limit, CancellationToken ct) =>
        Answer.Ok(new
        {
            items = await database.QueryAsync<AuditRecord>("""
                select position, at, actor, organisation, action, subject, detail, encode(hash, 'hex') as hash
                from audit_log where position > @after order by position limit @limit
                """, new { after = after ?? 0, limit = Math.Clamp(limit ?? 50, 1, 100) }, ct),
        });

    sealed record DeadLetter(
        Guid MessageId, Guid AggregateId, string Type, string Body, string? TraceParent, DateTimeOffset PublishedAt,
        string Error, DateTimeOffset FailedAt, DateTimeOffset? ReplayedAt);

    sealed record AuditRecord(
        long Position, DateTimeOffset At, Guid? Actor, Guid? Organisation, string Action, string Subject, string Detail, string Hash);
}

/// <summary>A part of a service that may not be ready yet though the service runs: an index that is being built.</summary>
public interface IReadinessCheck
{
    /// <summary>Why it is not ready, for an operator; null when it is.</summary>
    ValueTask<string?> ReasonNotReadyAsync(CancellationToken ct);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>Sessions that ended before their tokens expire. In memory, because every request asks; filled from the table that the consumer of
/// <see cref="SessionRevoked"/> writes, which another process of the service may have done.</summary>
public sealed class RevokedSessions(Database database, TimeProvider clock, ILogger<RevokedSessions> logger) : BackgroundService
{
    static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    readonly ConcurrentDictionary<Guid, DateTimeOffset> sessions = new();

    /// <summary>True when tokens of this session are worth nothing any more.</summary>
    public bool Contains(Guid sessionId) => sessions.ContainsKey(sessionId);

    /// <summary>Tokens of this session are worth nothing from now on, here; others learn it from the event.</summary>
    public void Add(Guid sessionId, DateTimeOffset tokensExpireAt) => sessions[sessionId] = tokensExpireAt;

    /// <summary>The consumer that every service has.</summary>
    internal static Consumer Consumer(IServiceProvider _) => ServiceKit.Consumer.On<SessionRevoked>(async (e, transaction, services, ct) =>
    {
        await transaction.ExecuteAsync("""
            insert into revoked_session (session_id, tokens_expire_at) values (@SessionId, @TokensExpireAt) on conflict do nothing
            """, e, ct);
        var sessions = (RevokedSessions)services.GetService(typeof(RevokedSessions))!;
        transaction.AfterCommit(() => sessions.Add(e.SessionId, e.TokensExpireAt));
    });

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Rows may become visible a little after their stamp, so each round looks back ten seconds.
                var rows = await database.QueryAsync<Row>("""
                    select session_id, tokens_expire_at, revoked_at from revoked_session
                    where revoked_at > @since and tokens_expire_at > @now order by revoked_at limit 10000
                    """, new { since = seen == DateTimeOffset.MinValue ? seen : seen.AddSeconds(-10), now = clock.GetUtcNow() }, stoppingToken);
                foreach (var row in rows)
                {
                    sessions[row.SessionId] = row.TokensExpireAt;
                    seen = row.RevokedAt;
                }

                foreach (var (id, expires) in sessions)
                {
                    if (expires < clock.GetUtcNow()) sessions.TryRemove(id, out _);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Revoked sessions are read again soon: {Message}", e.Message);
            }

            await Task.Delay(PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    sealed record Row(Guid SessionId, DateTimeOffset TokensExpireAt, DateTimeOffset RevokedAt);
}

using System.Threading.Channels;
using TechMarket.Events;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Achievements;

/// <summary>Keeps the index of achievements abreast of what the service knows: built from its table at the start, then fed with what each
/// event changed, after that was committed. Whatever is fed twice or late does no harm, for the index refuses old versions; what a crash
/// swallows is found in the table at the next start.</summary>
public sealed class AchievementIndexFeed(
    Database database, IAchievementIndex index, TimeProvider clock, ILogger<AchievementIndexFeed> logger)
    : BackgroundService, IReadinessCheck
{
    const int PageRows = 500;
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    readonly Channel<object> changes = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    volatile bool isBuilt;

    /// <summary>An achievement was published or changed.</summary>
    public void Publish(AchievementPublished achievement) => changes.Writer.TryWrite(achievement);

    /// <summary>An achievement was withdrawn.</summary>
    public void Withdraw(AchievementWithdrawn withdrawal) => changes.Writer.TryWrite(withdrawal);

    /// <inheritdoc/>
    public ValueTask<string?> ReasonNotReadyAsync(CancellationToken ct) =>
        ValueTask.FromResult(isBuilt ? null : "the index of achievements is being built");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await UntilDoneAsync(BuildAsync, stoppingToken);
        isBuilt = true;
        var batch = new List<object>();
        while (await changes.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < PageRows && changes.Reader.TryRead(out var change)) batch.Add(change);
            await UntilDoneAsync(ct => ApplyAsync(batch, ct), stoppingToken);
        }
    }

    async Task BuildAsync(CancellationToken ct)
    {
        var after = Guid.Empty;
        while (true)
        {
            var rows = await database.QueryAsync<(Guid Id, string Published)>("""
                select achievement_id, published::text from known_achievement
                where achievement_id > @after and published is not null order by achievement_id limit @PageRows
                """, new { after, PageRows }, ct);
            if (rows.Count == 0) return;
            await index.UpsertAsync(
                [.. rows.Select(row => (AchievementPublished)EventCatalogue.Read(nameof(AchievementPublished), row.Published)!)], ct);
            after = rows[^1].Id;
        }
    }

    async Task ApplyAsync(List<object> batch, CancellationToken ct)
    {
        // Versions, not order, decide what holds, so that the two kinds may be applied one after the other.
        await index.UpsertAsync([.. batch.OfType<AchievementPublished>()], ct);
        foreach (var withdrawal in batch.OfType<AchievementWithdrawn>())
            await index.DeleteAsync(withdrawal.AchievementId, withdrawal.Version, ct);
    }

    async Task UntilDoneAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await work(ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                logger.LogWarning(e, "The index of achievements lags; the next attempt follows");
                await Task.Delay(RetryInterval, clock, ct);
            }
        }
    }
}

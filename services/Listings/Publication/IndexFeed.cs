using System.Threading.Channels;
using TechMarket.Events;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Publication;

/// <summary>Keeps the index abreast of what is published: built from the table at the start, then fed after each commit. A crash between the
/// two is made good by the next start; what is fed twice or late does no harm, for the index refuses old versions.</summary>
public sealed class IndexFeed(Database database, IAchievementIndex index, TimeProvider clock, ILogger<IndexFeed> logger)
    : BackgroundService, IReadinessCheck
{
    const int PageRows = 500;
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    readonly Channel<object> changes = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    volatile bool isBuilt;

    /// <summary>A record was published or changed.</summary>
    public void Publish(AchievementPublished achievement) => changes.Writer.TryWrite(achievement);

    /// <summary>A record was withdrawn.</summary>
    public void Withdraw(AchievementWithdrawn withdrawal) => changes.Writer.TryWrite(withdrawal);

    /// <inheritdoc/>
    public ValueTask<string?> ReasonNotReadyAsync(CancellationToken ct) => ValueTask.FromResult(isBuilt ? null : "the index of achievements is being built");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await UntilDoneAsync(BuildAsync, stoppingToken);
        isBuilt = true;
        while (await changes.Reader.WaitToReadAsync(stoppingToken))
        {
            List<object> batch = [];
            while (batch.Count < PageRows && changes.Reader.TryRead(out var change)) batch.Add(change);
            await UntilDoneAsync(ct => ApplyAsync(batch, ct), stoppingToken);
        }
    }

    async Task BuildAsync(CancellationToken ct)
    {
        for (var after = Guid.Empty; ;)
        {
            var rows = await database.QueryAsync<Achievement>($"""
                select {Achievement.Columns} from achievement where status = 'published' and id > @after order by id limit @PageRows
                """, new { after, PageRows }, ct);
            if (rows.Count == 0) return;
            await index.UpsertAsync([.. rows.Select(row => row.Published())], ct);
            after = rows[^1].Id;
        }
    }

    async Task ApplyAsync(List<object> batch, CancellationToken ct)
    {
        await index.UpsertAsync([.. batch.OfType<AchievementPublished>()], ct);
        foreach (var withdrawal in batch.OfType<AchievementWithdrawn>()) await index.DeleteAsync(withdrawal.AchievementId, withdrawal.Version, ct);
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

using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Lots;

/// <summary>The copy of published achievements that may be put up for auction, and the end of an auction's life when its contract is registered.</summary>
public static class KnownAchievements
{
    /// <summary>Takes a published state over unless a newer one is known.</summary>
    public static Task PublishedAsync(AchievementPublished e, Transaction transaction, IServiceProvider services, CancellationToken ct) =>
        SaveAsync(transaction, e.AchievementId, e.Version, EventCatalogue.Write(e), ct);

    /// <summary>Drops a withdrawn one; its version stays, so that a late state does not bring it back.</summary>
    public static Task WithdrawnAsync(AchievementWithdrawn e, Transaction transaction, IServiceProvider services, CancellationToken ct) =>
        SaveAsync(transaction, e.AchievementId, e.Version, null, ct);

    /// <summary>The contract of an awarded auction is registered: nothing is left to do.</summary>
    public static Task ContractRegisteredAsync(ContractRegistered e, Transaction transaction, IServiceProvider services, CancellationToken ct) =>
        transaction.ExecuteAsync("update auction set status = 'closed' where deal_id = @DealId and status = 'awarded'", e, ct);

    static Task SaveAsync(Transaction transaction, Guid id, long version, string? published, CancellationToken ct) => transaction.ExecuteAsync("""
        insert into known_achievement (achievement_id, version, published) values (@id, @version, @published::jsonb)
        on conflict on constraint known_achievement_is_unique do update set version = excluded.version, published = excluded.published
        where known_achievement.version < excluded.version
        """, new { id, version, published }, ct);
}

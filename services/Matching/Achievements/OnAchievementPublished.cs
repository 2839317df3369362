using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Achievements;

/// <summary>A published achievement becomes a candidate for needs.</summary>
public static class OnAchievementPublished
{
    /// <summary>Applies the event; an older state than the one known is left out.</summary>
    public static async Task ApplyAsync(AchievementPublished e, Transaction transaction, IServiceProvider services, CancellationToken ct)
    {
        var rows = await transaction.ExecuteAsync("""
            insert into known_achievement (achievement_id, version, published) values (@AchievementId, @Version, @published::jsonb)
            on conflict on constraint known_achievement_is_unique do update set version = excluded.version, published = excluded.published
            where known_achievement.version < excluded.version
            """, new { e.AchievementId, e.Version, published = EventCatalogue.Write(e) }, ct);
        if (rows > 0) transaction.AfterCommit(() => services.GetRequiredService<AchievementIndexFeed>().Publish(e));
    }
}

using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Achievements;

/// <summary>A withdrawn achievement is no candidate any more.</summary>
public static class OnAchievementWithdrawn
{
    /// <summary>Applies the event; the version stays, so that an older state that comes late does not bring it back.</summary>
    public static async Task ApplyAsync(AchievementWithdrawn e, Transaction transaction, IServiceProvider services, CancellationToken ct)
    {
        var rows = await transaction.ExecuteAsync("""
            insert into known_achievement (achievement_id, version, published) values (@AchievementId, @Version, null)
            on conflict on constraint known_achievement_is_unique do update set version = excluded.version, published = null
            where known_achievement.version < excluded.version
            """, new { e.AchievementId, e.Version }, ct);
        if (rows > 0) transaction.AfterCommit(() => services.GetRequiredService<AchievementIndexFeed>().Withdraw(e));
    }
}

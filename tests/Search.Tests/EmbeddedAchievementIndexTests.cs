namespace TechMarket.Search.Tests;

/// <summary>The adapter in the process keeps to what every adapter does.</summary>
public sealed class EmbeddedAchievementIndexTests : AchievementIndexConformance
{
    protected override Task<IAchievementIndex> CreateAsync() => Task.FromResult<IAchievementIndex>(new EmbeddedAchievementIndex());
}

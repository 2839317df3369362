using Xunit;

namespace TechMarket.Search.Tests;

/// <summary>What is particular to the adapter in the process: its memory, and what it does with what is gone.</summary>
public sealed class EmbeddedAchievementIndexSizeTests
{
    const int RecordCount = 12_000;
    const long BytesMax = 100L * 1024 * 1024;

    [Fact]
    public async Task Twelve_thousand_records_fit_in_a_hundred_megabytes()
    {
        var random = new Random(7);
        using var index = new EmbeddedAchievementIndex();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < RecordCount; i += 500)
            await index.UpsertAsync([.. Enumerable.Range(0, 500).Select(_ => Records.Of(Words(random, 15), Words(random, 300)))], CancellationToken.None);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(RecordCount, await index.CountAsync(CancellationToken.None));
        Assert.True(bytes < BytesMax, $"{bytes / 1024 / 1024} MB");
    }

    [Fact]
    public async Task After_compaction_everything_is_found_as_before()
    {
        using var index = new EmbeddedAchievementIndex();
        var ids = Enumerable.Range(0, 900).Select(_ => Guid.CreateVersion7()).ToArray();
        for (var version = 1; version <= 4; version++)
        {
            await index.UpsertAsync(
                [.. ids.Select((id, i) => Records.Of($"电池 n{i}", version: version, id: id, regionCode: "510100", modes: ["assignment"]))],
                CancellationToken.None);
        }

        Assert.Equal(900, await index.CountAsync(CancellationToken.None));
        var filter = new SearchFilter(RegionPrefix: "51", TransferMode: "assignment");
        Assert.Equal(900, (await index.SearchAsync(new SearchQuery("电池", filter, 1), CancellationToken.None)).Total);
        for (var i = 0; i < 900; i += 100)
        {
            var hit = Assert.Single((await index.SearchAsync(new SearchQuery($"n{i}", filter, 10), CancellationToken.None)).Hits);
            Assert.Equal(ids[i], hit.Achievement.AchievementId);
            Assert.Equal(4, hit.Achievement.Version);
        }
    }

    /// <summary>Phrases of six characters with the skew of a language: few are frequent, many are rare.</summary>
    static string Words(Random random, int count) =>
        string.Join("，", Enumerable.Range(0, count / 6).Select(_ => Phrase((int)(20_000 * Math.Pow(random.NextDouble(), 3)))));

    static string Phrase(int number)
    {
        var random = new Random(number);
        return string.Concat(Enumerable.Range(0, 6).Select(_ => (char)('\u4e00' + (int)(3000 * Math.Pow(random.NextDouble(), 2)))));
    }
}

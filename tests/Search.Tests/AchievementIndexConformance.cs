using TechMarket.Events;
using Xunit;

namespace TechMarket.Search.Tests;

/// <summary>What every adapter of the index does. An adapter's test class says how one is made; a test begins with an empty one.</summary>
public abstract class AchievementIndexConformance : IAsyncLifetime
{
    static readonly CancellationToken Ct = CancellationToken.None;

    IAchievementIndex index = null!;

    protected abstract Task<IAchievementIndex> CreateAsync();

    public async ValueTask InitializeAsync() => index = await CreateAsync();

    public ValueTask DisposeAsync()
    {
        (index as IDisposable)?.Dispose();
        GC.SuppressFinalize(this);
        return default;
    }

    [Theory]
    [InlineData("锂离子电池 安全", "高安全锂离子电池电解质")]
    [InlineData("污水处理 膜", "用于污水处理的抗污染纳滤膜")]
    [InlineData("热失控", "高安全锂离子电池电解质")]
    [InlineData("鋰離子電池", "高安全锂离子电池电解质")]
    [InlineData("ＰＡＯ润滑油", "PAO 润滑油的一步合成")]
    [InlineData("wastewater treatment", "用于污水处理的抗污染纳滤膜")]
    [InlineData("antennas", "Phased antenna for satellites")]
    [InlineData("steering ARRAYS", "Phased antenna for satellites")]
    [InlineData("10 kV", "10kV 开关柜在线监测")]
    [InlineData("10kV", "10kV 开关柜在线监测")]
    [InlineData("３Ｄ打印", "金属三维打印粉末")]
    [InlineData("钛", "钛合金薄壁件铣削")]
    [InlineData("华夏研究所", "钛合金薄壁件铣削")]
    [InlineData("202410123456.7", "钛合金薄壁件铣削")]
    public async Task A_text_finds_what_it_means_first(string text, string title)
    {
        await PutAsync(
            Records.Of("高安全锂离子电池电解质", "在针刺与过充时不发生热失控。"),
            Records.Of("用于污水处理的抗污染纳滤膜", "通量高，寿命长。"),
            Records.Of("PAO 润滑油的一步合成"),
            Records.Of("10kV 开关柜在线监测"),
            Records.Of("金属三维打印粉末"),
            Records.Of("钛合金薄壁件铣削", holder: "华夏研究所", patent: "202410123456.7"),
            Records.Of("Phased antenna for satellites", "A steerable array.", language: "en"),
            Records.Of("鲜无花果的长途运输"));
        Assert.Equal(title, (await SearchAsync(text)).Hits[0].Achievement.Title);
    }

    [Fact]
    public async Task Terms_are_alternatives_and_more_of_them_rank_higher()
    {
        await PutAsync(Records.Of("锂离子电池隔膜"), Records.Of("锂离子电池隔膜的安全评价"), Records.Of("煤矿安全"), Records.Of("葡萄酒"));
        var found = await SearchAsync("锂离子电池 安全");
        Assert.Equal(["锂离子电池隔膜的安全评价", "锂离子电池隔膜", "煤矿安全"], Titles(found));
        Assert.Equal(3, found.Total);
    }

    [Fact]
    public async Task A_title_counts_more_than_a_description()
    {
        await PutAsync(
            Records.Of("测量装置", "可用于激光加工中的位置测量与补偿。"),
            Records.Of("激光加工装置", "可用于各种材料与零件测量与补偿。"));
        Assert.Equal("激光加工装置", (await SearchAsync("激光加工")).Hits[0].Achievement.Title);
    }

    [Fact]
    public async Task Keywords_count_beside_the_text()
    {
        await PutAsync(Records.Of("测量装置甲", "用于超声", keywords: ["零件"]), Records.Of("测量装置乙", "用于零件", keywords: ["超声"]));
        Assert.Equal("测量装置乙", (await SearchAsync("超声")).Hits[0].Achievement.Title);
    }

    [Theory]
    [InlineData("区块链溯源")]
    [InlineData("zeolite")]
    [InlineData("的")]
    [InlineData("!?…")]
    public async Task What_nobody_wrote_finds_nothing(string text)
    {
        await PutAsync(Records.Of("锂离子电池的隔膜"), Records.Of("Phased antenna", language: "en"));
        var found = await SearchAsync(text);
        Assert.Empty(found.Hits);
        Assert.Equal(0, found.Total);
    }

    [Fact]
    public async Task Without_a_text_the_newest_come_first()
    {
        await PutAsync(Records.Of("旧", day: 1), Records.Of("新", day: 3), Records.Of("中", day: 2));
        var found = await SearchAsync(null);
        Assert.Equal(["新", "中", "旧"], Titles(found));
        Assert.All(found.Hits, hit => Assert.Equal(0, hit.Score));
    }

    public static TheoryData<SearchFilter, string[]> Filters() => new()
    {
        { SearchFilter.None, ["甲", "乙", "丙"] },
        { new SearchFilter(TechField: "new_materials"), ["甲", "乙"] },
        { new SearchFilter(RegionPrefix: "51"), ["甲", "丙"] },
        { new SearchFilter(RegionPrefix: "5101"), ["甲"] },
        { new SearchFilter(RegionPrefix: ""), ["甲", "乙", "丙"] },
        { new SearchFilter(IndustryPrefix: "C"), ["甲", "乙"] },
        { new SearchFilter(IndustryPrefix: "C38"), ["乙"] },
        { new SearchFilter(TrlMin: 5), ["甲", "乙"] },
        { new SearchFilter(TrlMin: 6), ["乙"] },
        { new SearchFilter(TransferMode: "assignment"), ["甲", "丙"] },
        { new SearchFilter(TransferMode: "equity_contribution"), [] },
        { new SearchFilter(Language: "en"), ["丙"] },
        { new SearchFilter(TechField: "new_materials", RegionPrefix: "51", TrlMin: 5), ["甲"] },
        { new SearchFilter(TechField: "aerospace"), [] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_lets_only_what_has_the_property(SearchFilter filter, string[] titles)
    {
        await PutAsync(
            Records.Of("甲", techField: "new_materials", regionCode: "510100", industryCode: "C2710", trl: 5, modes: ["assignment", "licence_sole"]),
            Records.Of("乙", techField: "new_materials", regionCode: "341623", industryCode: "C3841", trl: 8, modes: ["licence_ordinary"]),
            Records.Of("丙", regionCode: "510700", modes: ["assignment"], language: "en"));
        foreach (var text in new[] { null, "甲 乙 丙" })
        {
            var found = await index.SearchAsync(new SearchQuery(text, filter, 10), Ct);
            Assert.Equal(titles.Order(), Titles(found).Order());
            Assert.Equal(titles.Length, found.Total);
        }
    }

    [Fact]
    public async Task Facets_count_the_hits_and_not_the_page()
    {
        await PutAsync(
            Records.Of("电池一", techField: "new_materials", regionCode: "510100", trl: 5, modes: ["assignment", "licence_sole"]),
            Records.Of("电池二", techField: "new_materials", regionCode: "510700", trl: 5, modes: ["assignment"]),
            Records.Of("电池三", techField: "aerospace", regionCode: "341623", language: "en"),
            Records.Of("葡萄", techField: "aerospace", regionCode: "341623"));
        var facets = (await index.SearchAsync(new SearchQuery("电池", SearchFilter.None, 1, WithFacets: true), Ct)).Facets;
        Assert.Equal(new Dictionary<string, long> { ["new_materials"] = 2, ["aerospace"] = 1 }, facets["techField"]);
        Assert.Equal(new Dictionary<string, long> { ["510000"] = 2, ["340000"] = 1 }, facets["region"]);
        Assert.Equal(new Dictionary<string, long> { ["5"] = 2 }, facets["trl"]);
        Assert.Equal(new Dictionary<string, long> { ["assignment"] = 2, ["licence_sole"] = 1 }, facets["transferMode"]);
        Assert.Equal(new Dictionary<string, long> { ["zh"] = 2, ["en"] = 1 }, facets["language"]);
        Assert.Empty((await SearchAsync("电池")).Facets);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("电池")]
    public async Task Pages_follow_each_other_without_gap_or_repetition(string? text)
    {
        // Pairs of them are equal in score and in time, so that the id must decide.
        await PutAsync([.. Enumerable.Range(0, 23).Select(i => Records.Of($"电池{new string('组', i / 2)}", day: i / 2))]);
        var whole = (await index.SearchAsync(new SearchQuery(text, SearchFilter.None, 100), Ct)).Hits.Select(hit => hit.Achievement.AchievementId);
        var paged = new List<Guid>();
        SearchCursor? after = null;
        while (true)
        {
            var page = await index.SearchAsync(new SearchQuery(text, SearchFilter.None, 4, after), Ct);
            Assert.Equal(23, page.Total);
            if (page.Hits.Count == 0) break;
            paged.AddRange(page.Hits.Select(hit => hit.Achievement.AchievementId));
            after = new SearchCursor(page.Hits[^1].SortKey, page.Hits[^1].Achievement.AchievementId);
        }

        Assert.Equal(whole, paged);
        Assert.Equal(23, paged.Distinct().Count());
    }

    [Fact]
    public async Task A_later_version_replaces_an_earlier_one_in_any_order()
    {
        var id = Guid.CreateVersion7();
        await PutAsync(Records.Of("石墨烯涂料", version: 2, id: id));
        await PutAsync(Records.Of("葡萄栽培", version: 1, id: id));
        Assert.Equal(["石墨烯涂料"], Titles(await SearchAsync(null)));
        await PutAsync(Records.Of("葡萄栽培", version: 3, id: id), Records.Of("石墨烯涂料", version: 2, id: id), Records.Of("别的", version: 3, id: id));
        Assert.Equal(["葡萄栽培"], Titles(await SearchAsync(null)));
        Assert.Empty((await SearchAsync("石墨烯")).Hits);
        Assert.Equal(1, await index.CountAsync(Ct));
    }

    [Fact]
    public async Task A_withdrawn_record_does_not_come_back_with_an_old_version()
    {
        var id = Guid.CreateVersion7();
        await PutAsync(Records.Of("石墨烯涂料", version: 1, id: id));
        await index.DeleteAsync(id, 2, Ct);
        await PutAsync(Records.Of("石墨烯涂料", version: 1, id: id), Records.Of("石墨烯涂料", version: 2, id: id));
        Assert.Empty((await SearchAsync("石墨烯")).Hits);
        Assert.Equal(0, await index.CountAsync(Ct));
        await PutAsync(Records.Of("石墨烯涂料改进", version: 3, id: id));
        Assert.Equal(["石墨烯涂料改进"], Titles(await SearchAsync("石墨烯")));
    }

    [Fact]
    public async Task A_withdrawal_that_comes_before_the_record_or_after_a_newer_one_does_no_harm()
    {
        var (late, newer) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await index.DeleteAsync(late, 2, Ct);
        await PutAsync(Records.Of("电池甲", version: 1, id: late), Records.Of("电池乙", version: 4, id: newer));
        await index.DeleteAsync(newer, 3, Ct);
        Assert.Equal(["电池乙"], Titles(await SearchAsync("电池")));
    }

    [Fact]
    public async Task The_whole_record_comes_back_as_it_was_put_in()
    {
        var record = Records.Of("电池", "摘要", "描述", ["锂", "钠"], "new_materials", "C3841", "510100", 5, ["assignment"], patent: "1") with
        {
            AskingPriceCny = 1234.5m,
        };
        await PutAsync(record);
        Assert.Equal(EventCatalogue.Write(record), EventCatalogue.Write((await SearchAsync("电池")).Hits[0].Achievement));
    }

    [Fact]
    public async Task Highlights_mark_the_words_and_escape_the_rest()
    {
        var filler = string.Concat(Enumerable.Repeat("与此无关之文字若干。", 40));
        await PutAsync(Records.Of("<b>锂离子电池</b> & 隔膜", $"{filler}本发明之电池安全可靠。{filler}", "Nothing here"));
        var highlights = (await SearchAsync("锂离子电池 安全")).Hits[0].Highlights;
        Assert.Equal("&lt;b&gt;<em>锂离子电池</em>&lt;/b&gt; &amp; 隔膜", highlights["title"]);
        Assert.Contains("本发明之<em>电池安全</em>可靠", highlights["summary"], StringComparison.Ordinal);
        Assert.InRange(highlights["summary"].Length, 50, 250);
        Assert.False(highlights.ContainsKey("description"));
    }

    [Fact]
    public async Task Highlights_mark_the_original_where_it_was_folded()
    {
        await PutAsync(Records.Of("ＰＡＯ 潤滑油 café"));
        Assert.Equal("<em>ＰＡＯ</em> <em>潤滑油</em> <em>café</em>", (await SearchAsync("pao润滑油CAFE")).Hits[0].Highlights["title"]);
    }

    [Fact]
    public async Task Of_a_long_text_only_the_most_telling_terms_count_when_asked()
    {
        await PutAsync(
            [Records.Of("钙钛矿电池"), .. Enumerable.Range(0, 30).Select(i => Records.Of($"公司研发技术{i}")), Records.Of("一种公司研发的技术产品")]);
        var found = await index.SearchAsync(new SearchQuery("公司研发技术：钙钛矿", SearchFilter.None, 5, MaxTerms: 2), Ct);
        Assert.Equal("钙钛矿电池", found.Hits[0].Achievement.Title);
        Assert.Equal(1, found.Total);
    }

    [Fact]
    public async Task Searching_goes_on_while_records_are_written()
    {
        const int versions = 40;
        var ids = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray();
        var written = 0;
        var searches = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref written) < versions)
            {
                var page = await SearchAsync("电池 隔膜");
                Assert.All(page.Hits, hit => Assert.Contains("电池", hit.Achievement.Title, StringComparison.Ordinal));
                Interlocked.Increment(ref searches);
            }
        })).ToList();
        while (written < versions)
        {
            var version = written + 1;
            var before = Volatile.Read(ref searches);
            await PutAsync([.. ids.Select((id, i) => Records.Of($"电池隔膜{i}第{version}版", version: version, id: id))]);
            while (Volatile.Read(ref searches) == before && readers.TrueForAll(reader => !reader.IsCompleted)) await Task.Yield();
            Volatile.Write(ref written, version);
        }

        await Task.WhenAll(readers);
        Assert.True(searches >= versions);
        Assert.Equal(50, await index.CountAsync(Ct));
        var found = await index.SearchAsync(new SearchQuery("电池", SearchFilter.None, 100), Ct);
        Assert.Equal(50, found.Total);
        Assert.All(found.Hits, hit => Assert.Equal(versions, hit.Achievement.Version));
    }

    protected async Task PutAsync(params AchievementPublished[] records) => await index.UpsertAsync(records, Ct);

    protected async Task<SearchAnswer> SearchAsync(string? text) => await index.SearchAsync(new SearchQuery(text, SearchFilter.None, 10), Ct);

    static IEnumerable<string> Titles(SearchAnswer answer) => answer.Hits.Select(hit => hit.Achievement.Title);
}

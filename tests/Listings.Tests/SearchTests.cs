using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

/// <summary>What is published is found, what is withdrawn is not, and the feed of changes says both.</summary>
public sealed class SearchTests(ListingsFixture fixture)
{
    readonly TestPerson provider = TestPerson.Provider();
    readonly TestPerson bureau = TestPerson.Bureau();

    [Fact]
    public async Task A_published_achievement_is_found_and_a_withdrawn_one_is_not()
    {
        var word = Word();
        var id = await fixture.InStateAsync("published", provider, bureau, Good(title: $"{word}型污水处理膜"));
        var found = await FindAsync($"q={word}", 1);
        var item = found["items"]![0]!;
        Assert.Equal(id, (Guid)item["id"]!);
        Assert.Contains($"<em>{word}", (string)item["highlights"]!["title"]!, StringComparison.OrdinalIgnoreCase);
        Assert.True((double)item["score"]! > 0);

        var withdrawn = (await fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/withdrawal", new { reason = "已转让" })).Expect(200);
        Assert.Equal("withdrawn", (string)withdrawn["status"]!);
        await FindAsync($"q={word}", 0);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(404);
        var e = Assert.Single(await fixture.Service.PublishedAsync<AchievementWithdrawn>(), e => e.AchievementId == id);
        Assert.Equal((2L, "已转让"), (e.Version, e.Reason));
    }

    [Fact]
    public async Task Filters_and_facets_count_what_fits()
    {
        var word = Word();
        await fixture.InStateAsync("published", provider, bureau, Good("510107", $"{word}甲"));
        await fixture.InStateAsync("published", provider, bureau, Good("510700", $"{word}乙"));
        var low = Good("510107", $"{word}丙");
        low["trl"] = 3;
        low["techField"] = "aerospace";
        await fixture.InStateAsync("published", provider, bureau, low);

        var all = await FindAsync($"q={word}", 3);
        Assert.Equal(2, (int)all["facets"]!["techField"]!["new_materials"]!);
        await FindAsync($"q={word}&regionCode=510100", 2);
        await FindAsync($"q={word}&regionCode=510000", 3);
        await FindAsync($"q={word}&trlMin=5", 2);
        await FindAsync($"q={word}&techField=aerospace", 1);
        await FindAsync($"q={word}&techField=aerospace&trlMin=5", 0);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_repeats()
    {
        var word = Word();
        for (var i = 0; i < 7; i++) await fixture.InStateAsync("published", provider, bureau, Good(title: $"{word}第{i}号"));
        await FindAsync($"q={word}", 7);
        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            var page = (await fixture.Service.As(null).GetAsync($"/api/achievements?q={word}&limit=3&cursor={Uri.EscapeDataString(cursor ?? "")}")).Expect(200);
            seen.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("trlMin=99", "trlMin")]
    [InlineData("techField=magic", "techField")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task A_query_that_makes_no_sense_is_told_by_its_field(string query, string field) =>
        Assert.NotNull((await fixture.Service.As(null).GetAsync($"/api/achievements?q=x&{query}")).Expect(400)["errors"]?[field]);

    [Fact]
    public async Task The_result_of_a_search_is_taken_along_as_a_table()
    {
        var word = Word();
        await fixture.InStateAsync("published", provider, bureau, Good(title: $"={word},\"甲\""));
        var items = Enumerable.Range(0, 120).Select(i => Item($"{word}{i}", $"{word} 外部 {i}")).ToArray();
        (await fixture.Service.As(bureau).PostAsync("/api/achievements/imports", Import(word, items))).Expect(200);
        await fixture.InStateAsync("registered", provider, bureau, Good(title: $"{word}未发布"));
        await FindAsync($"q={word}", 121);
        var client = fixture.Service.As(null);
        client.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var table = (await client.GetAsync($"/api/achievements/export?q={word}")).Expect(200).Text;
        using var csv = new CsvHelper.CsvReader(new StringReader(table), System.Globalization.CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row).ToList();
        Assert.Equal(121, rows.Select(row => row["编号"]).Distinct().Count());
        Assert.Single(rows, row => (string)row["成果名称"] == $"'={word},\"甲\"");
        Assert.DoesNotContain("未发布", table, StringComparison.Ordinal);
        Assert.NotNull((await client.GetAsync("/api/achievements/export?techField=magic")).Expect(400)["errors"]?["techField"]);
    }

    [Fact]
    public async Task The_index_is_built_anew_at_the_next_start()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(own);
        var id = await listings.InStateAsync("published", provider, bureau, Good(title: "重启之后仍能找到"));
        var gone = await listings.InStateAsync("published", provider, bureau, Good(title: "重启之后找不到"));
        (await own.As(bureau).PostAsync($"/api/achievements/{gone}/withdrawal", new { reason = "下架" })).Expect(200);
        await own.RestartAsync();
        var found = await Eventually.Async(() => own.As(null).GetAsync("/api/achievements?q=重启"), reply => reply.Status == 200 && (int)reply["total"]! == 1);
        Assert.Equal(id, (Guid)found["items"]![0]!["id"]!);
    }

    [Fact]
    public async Task Who_follows_the_feed_of_changes_sees_every_change_in_order()
    {
        var cursor = await EndOfFeedAsync("");
        var first = await fixture.InStateAsync("published", provider, bureau);
        var second = await fixture.InStateAsync("published", provider, bureau);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{first}/withdrawal", new { reason = "下架" })).Expect(200);
        var changes = await Eventually.Async(
            () => ChangesAsync(cursor), changes => changes.Any(c => (Guid)c["id"]! == first && c["achievement"] is null));
        var mine = changes.Where(c => (Guid)c["id"]! == first || (Guid)c["id"]! == second).ToList();
        // The first one was changed last: its present state is the withdrawal.
        Assert.Equal([second, first], mine.Select(c => (Guid)c["id"]!));
        Assert.Equal((2L, 1L), ((long)mine[1]["version"]!, (long)mine[0]["version"]!));
        Assert.NotNull(mine[0]["achievement"]);
    }

    static string Word() => $"q{Guid.NewGuid():N}"[..12];

    async Task<Reply> FindAsync(string query, int total)
    {
        var reply = await Eventually.Async(
            () => fixture.Service.As(null).GetAsync($"/api/achievements?{query}"), reply => reply.Status == 200 && (int)reply["total"]! == total);
        return reply;
    }

    async Task<List<JsonNode>> ChangesAsync(string cursor) =>
        [.. (await fixture.Service.As(null).GetAsync($"/api/achievements/changes?limit=100&cursor={Uri.EscapeDataString(cursor)}")).Expect(200)["items"]!
            .AsArray().Select(item => item!)];

    async Task<string> EndOfFeedAsync(string cursor)
    {
        while (true)
        {
            var page = (await fixture.Service.As(null).GetAsync($"/api/achievements/changes?limit=100&cursor={Uri.EscapeDataString(cursor)}")).Expect(200);
            if (page["items"]!.AsArray().Count == 0) return cursor;
            cursor = (string)page["nextCursor"]!;
        }
    }
}

using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Matching.Tests.Matches;

public sealed class FindMatchesTests(MatchingFixture fixture)
{
    readonly TestPerson seeker = TestPerson.Seeker();

    /// <summary>No other test speaks of it, so that all tests can share one index.</summary>
    readonly string mark = string.Concat(Guid.CreateVersion7().ToString("N")[^6..].Select(c => (char)('\u5000' + c)));

    [Fact]
    public async Task What_fits_in_text_and_facts_comes_first_and_says_why()
    {
        var fitting = NeedBodies.Achievement($"{mark}固态电解质", "抑制锂离子电池热失控。", "new_energy_saving", "C3841", "341623", 7,
            ["assignment"], 1_500_000m, ["热失控"]);
        var alike = NeedBodies.Achievement($"{mark}固态电解质", "抑制锂离子电池热失控。", "aerospace", "A0111", "510100", 3,
            ["technical_service"], 9_000_000m, ["葡萄"]);
        var other = NeedBodies.Achievement($"{mark}葡萄栽培", "高产。", "new_energy_saving", "C3841", "341623", 9, ["assignment"]);
        foreach (var achievement in new[] { other, alike, fitting }) await DeliverAsync(achievement);
        var id = await fixture.Service.PostNeedAsync(seeker, NeedBodies.Full($"{mark}固态电解质"));

        var items = await MatchesAsync(id, found => found.Count >= 3);
        Assert.Equal([fitting.AchievementId, alike.AchievementId, other.AchievementId], items.Take(3).Select(IdOf));
        var reasons = items[0]!["reasons"]!.AsArray();
        Assert.Equal("text", (string?)reasons[0]!["factor"]);
        Assert.Contains("固态电解质", (string)reasons[0]!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(["cooperationMode", "freshness", "industry", "keywords", "price", "region", "techField", "text", "trl"],
            reasons.Select(reason => (string)reason!["factor"]!).Order(StringComparer.Ordinal));
        Assert.Equal((double)items[0]!["score"]!, reasons.Sum(reason => (double)reason!["weight"]!), 3);
        Assert.DoesNotContain(items[1]!["reasons"]!.AsArray(), reason => (string)reason!["factor"]! == "techField");
    }

    [Fact]
    public async Task The_answer_names_its_weights_and_speaks_the_callers_language()
    {
        await DeliverAsync(NeedBodies.Achievement($"{mark}隔膜", "", "new_energy_saving"));
        var id = await fixture.Service.PostNeedAsync(seeker, NeedBodies.Full($"{mark}隔膜"));
        await MatchesAsync(id, found => found.Count >= 1);
        var client = fixture.Service.As(seeker);
        client.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var english = (await client.GetAsync($"/api/needs/{id}/matches")).Expect(200);
        Assert.Equal("2026-11.1", (string?)english["weightsVersion"]);
        Assert.Contains(english["items"]![0]!["reasons"]!.AsArray(), reason => (string)reason!["detail"]! == "Same technology field");
        Assert.Contains("技术领域相同", (await fixture.Service.As(seeker).GetAsync($"/api/needs/{id}/matches")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_need_without_a_measurable_target_is_answered_like_any_other()
    {
        await DeliverAsync(NeedBodies.Achievement($"{mark}纳滤膜", ""));
        var id = await fixture.Service.PostNeedAsync(seeker, NeedBodies.Full($"{mark}纳滤膜").Without("indicators"));
        await MatchesAsync(id, found => found.Count >= 1);
        Assert.False((bool)(await fixture.Service.As(seeker).GetAsync($"/api/needs/{id}/matches"))["measurable"]!);
    }

    [Fact]
    public async Task An_achievement_arrives_twice_late_and_out_of_order_and_the_last_state_holds()
    {
        var id = Guid.CreateVersion7();
        var second = NeedBodies.Achievement($"{mark}第二版", "", version: 2, id: id);
        var message = await DeliverAsync(second);
        await fixture.Service.DeliverAsync(id, second, message);
        await DeliverAsync(NeedBodies.Achievement($"{mark}第一版", "", version: 1, id: id));
        var need = await fixture.Service.PostNeedAsync(seeker, NeedBodies.Full(mark));
        Assert.Equal($"{mark}第二版", (string?)(await MatchesAsync(need, found => found.Count >= 1)).Single()!["title"]);

        await fixture.Service.DeliverAsync(id, new AchievementWithdrawn(id, 3, "no longer offered", DateTimeOffset.UtcNow));
        await MatchesAsync(need, found => found.Count == 0);
        await DeliverAsync(second with { Version = 3 });
        Assert.Equal([3L], await fixture.Service.RowsAsync<long>(
            "select version from known_achievement where achievement_id = @id and published is null", new { id }));
        await DeliverAsync(second with { Version = 4 });
        await MatchesAsync(need, found => found.Count == 1);
    }

    [Fact]
    public async Task Nobody_is_matched_with_his_own()
    {
        var foreign = NeedBodies.Achievement($"{mark}甲", "");
        await DeliverAsync(NeedBodies.Achievement($"{mark}甲", "", organisation: seeker.OrganisationId));
        await DeliverAsync(foreign);
        var id = await fixture.Service.PostNeedAsync(seeker, NeedBodies.Full($"{mark}甲"));
        Assert.Equal([foreign.AchievementId], (await MatchesAsync(id, found => found.Count >= 1)).Select(IdOf));
    }

    [Fact]
    public async Task The_index_is_built_from_the_table_at_the_start()
    {
        await using var service = await ServiceUnderTest.StartAsync(Program.Service);
        var achievement = NeedBodies.Achievement("重启前的石墨烯涂料", "");
        await service.DeliverAsync(achievement.AchievementId, achievement);
        await service.RestartAsync();
        await Eventually.Async(() => service.As(null).GetAsync("/health/ready"), reply => reply.Status == 200);
        var id = await service.PostNeedAsync(seeker, NeedBodies.Full("石墨烯涂料"));
        var found = (await service.As(seeker).GetAsync($"/api/needs/{id}/matches")).Expect(200)["items"]!.AsArray();
        Assert.Equal(achievement.AchievementId, IdOf(Assert.Single(found)));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=many")]
    public async Task A_bad_limit_is_named(string query)
    {
        var id = await fixture.Service.PostNeedAsync(seeker);
        Assert.NotNull((await fixture.Service.As(seeker).GetAsync($"/api/needs/{id}/matches?{query}")).Expect(400)["errors"]!["limit"]);
    }

    [Fact]
    public async Task An_unknown_need_is_not_found_and_nobody_in_particular_is_not_answered()
    {
        (await fixture.Service.As(seeker).GetAsync($"/api/needs/{Guid.NewGuid()}/matches")).Expect(404);
        (await fixture.Service.As(null).GetAsync($"/api/needs/{await fixture.Service.PostNeedAsync(seeker)}/matches")).Expect(401);
    }

    Task<Guid> DeliverAsync(AchievementPublished achievement) => fixture.Service.DeliverAsync(achievement.AchievementId, achievement);

    /// <summary>The matches of this test as soon as they are as they should become.</summary>
    async Task<List<JsonNode?>> MatchesAsync(Guid need, Func<List<JsonNode?>, bool> holds) => await Eventually.Async(
        async () => (await fixture.Service.As(seeker).GetAsync($"/api/needs/{need}/matches?limit=100")).Expect(200)["items"]!.AsArray()
            .Where(item => ((string)item!["title"]!).Contains(mark, StringComparison.Ordinal)).ToList(), holds);

    static Guid IdOf(JsonNode? item) => Guid.Parse((string)item!["achievementId"]!);
}

using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

/// <summary>Reports, suspension, disputes and cancellation: what is recalled is gone everywhere at once.</summary>
public sealed class SupervisionTests(ListingsFixture fixture)
{
    readonly TestPerson provider = TestPerson.Provider();
    readonly TestPerson bureau = TestPerson.Bureau();

    [Fact]
    public async Task Anyone_reports_a_listing_and_the_bureau_decides()
    {
        var id = await fixture.InStateAsync("published", provider, bureau);
        var report = (await fixture.Service.As(null).PostAsync($"/api/achievements/{id}/reports",
            new { kind = "infringing", reason = "与我方专利相同", contact = "13800000000" })).Expect(201);
        Assert.Equal("open", (string)report["status"]!);
        Assert.NotNull((await fixture.Service.As(null).PostAsync($"/api/achievements/{id}/reports", new
        {
            kind = "rude",
            reason = "x"
        })).Expect(400)["errors"]!["kind"]);

        var seen = (await fixture.Service.As(provider).GetAsync($"/api/achievements/{id}/reports")).Expect(200)["items"]![0]!;
        Assert.Null(seen["contact"]);
        Assert.Equal("13800000000", (string)(await fixture.Service.As(bureau).GetAsync($"/api/achievements/{id}/reports"))["items"]![0]!["contact"]!);
        (await fixture.Service.As(TestPerson.Provider()).GetAsync($"/api/achievements/{id}/reports")).Expect(404);

        var path = $"/api/achievements/{id}/reports/{report.Id}/decision";
        (await fixture.Service.As(TestPerson.Bureau("650000")).PostAsync(path, new { decision = "dismissed", reason = "x" })).Expect(404);
        Assert.Equal("dismissed", (string)(await fixture.Service.As(bureau).PostAsync(path, new
        {
            decision = "dismissed",
            reason = "不同"
        })).Expect(200)["status"]!);
        (await fixture.Service.As(bureau).PostAsync(path, new { decision = "upheld", reason = "again" })).Expect(409);
    }

    [Fact]
    public async Task A_suspended_listing_is_gone_until_it_is_put_back()
    {
        var word = $"q{Guid.NewGuid():N}"[..12];
        var id = await fixture.InStateAsync("published", provider, bureau, Good(title: $"{word}系统"));
        await TotalAsync(word, 1);
        var suspension = (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/suspension", new { reason = "收到侵权举报" })).Expect(200);
        Assert.NotNull(suspension["answerDueOn"]);
        await TotalAsync(word, 0);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(404);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/suspension", new { reason = "again" })).Expect(409);

        (await fixture.Service.As(TestPerson.Provider()).PostAsync($"/api/achievements/{id}/suspension/answer", new { answer = "x" })).Expect(404);
        (await fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/suspension/answer", new { answer = "附独立开发记录" })).Expect(200);
        (await fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/suspension/answer", new { answer = "again" })).Expect(409);
        Assert.Equal("附独立开发记录", (string)(await fixture.Service.As(bureau).GetAsync($"/api/achievements/{id}/suspension"))["answer"]!);

        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/reinstatement", new { reason = "不构成侵权" })).Expect(200);
        await TotalAsync(word, 1);
        Assert.Equal("reinstated", (string)(await fixture.Service.As(provider).GetAsync($"/api/achievements/{id}/suspension"))["endedAs"]!);
        Assert.Equal([1L, 3L], (await fixture.Service.PublishedAsync<AchievementPublished>()).Where(e => e.AchievementId == id).Select(e => e.Version));
        Assert.Equal(2L, Assert.Single(await fixture.Service.PublishedAsync<AchievementWithdrawn>(), e => e.AchievementId == id).Version);
    }

    [Fact]
    public async Task A_dispute_keeps_a_record_from_registration_and_shows_on_what_is_published()
    {
        var pending = await fixture.InStateAsync("screened", provider, bureau);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{pending}/dispute", new { reason = "权属异议" })).Expect(200);
        Assert.Equal("achievement-disputed",
            (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{pending}/registration", new { decision = "registered" })).Expect(409).Problem);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{pending}/dispute-settlement", new { reason = "已撤回异议" })).Expect(200);
        Assert.Equal("registered", await fixture.StepAsync(bureau, pending, "registration", new { decision = "registered" }));

        var published = await fixture.InStateAsync("published", provider, bureau);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{published}/dispute", new { reason = "权属异议" })).Expect(200);
        Assert.True((bool)(await fixture.Service.As(null).GetAsync($"/api/achievements/{published}")).Expect(200)["rights"]!["disputed"]!);
        var newest = (await fixture.Service.PublishedAsync<AchievementPublished>()).Last(e => e.AchievementId == published);
        Assert.Equal((2L, true), (newest.Version, newest.Rights.Disputed));
    }

    [Fact]
    public async Task A_cancelled_registration_is_gone_and_its_patent_free_again()
    {
        var body = Good();
        var id = await fixture.InStateAsync("published", provider, bureau, body);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/cancellation", new { ground = "mood", reason = "x" })).Expect(400);
        (await fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/cancellation", new { ground = "fraud", reason = "x" })).Expect(403);
        var cancelled = (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/cancellation", new
        {
            ground = "plagiarism",
            reason = "抄袭"
        })).Expect(200);
        Assert.Equal("cancelled", (string)cancelled["status"]!);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(404);
        Assert.Contains(await fixture.Service.PublishedAsync<AchievementWithdrawn>(), e => e.AchievementId == id);
        (await fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/withdrawal", new { reason = "x" })).Expect(409);
        var honest = TestPerson.Provider();
        await fixture.InStateAsync("submitted", honest, bureau, body);
    }

    Task<Reply> TotalAsync(string word, int total) =>
        Eventually.Async(() => fixture.Service.As(null).GetAsync($"/api/achievements?q={word}"), reply => (int)reply.Expect(200)["total"]! == total, 5);
}

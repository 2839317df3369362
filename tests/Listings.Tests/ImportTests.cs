using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

public sealed class ImportTests(ListingsFixture fixture)
{
    const string Path = "/api/achievements/imports";
    readonly TestPerson bureau = TestPerson.Bureau();
    readonly string source = $"source-{Guid.NewGuid():N}";

    [Fact]
    public async Task Records_are_taken_over_with_their_origin_and_one_signed_decision()
    {
        var reply = (await fixture.Service.As(bureau).PostAsync(Path, Import(source, Item("1", "外部成果一"), Item("2", "外部成果二")))).Expect(200);
        Assert.Equal((2, 0, 0), ((int)reply["accepted"]!, (int)reply["unchanged"]!, (int)reply["rejected"]!));
        var ids = Ids(reply);
        var record = (await fixture.Service.As(null).GetAsync($"/api/achievements/{ids[0]}")).Expect(200);
        Assert.Equal((source, "1"), ((string)record["origin"]!["source"]!, (string)record["origin"]!["sourceId"]!));
        Assert.Equal("外部大学", (string)record["holder"]!);
        Assert.Null(record["registrationNo"]);
        Assert.Null(record["trl"]);

        var events = (await fixture.Service.PublishedAsync<AchievementPublished>()).Where(e => ids.Contains(e.AchievementId)).ToList();
        Assert.Equal(2, events.Count);
        Assert.All(events, e => Assert.Equal((Guid)reply["screeningId"]!, e.ScreeningId));
        var signed = await fixture.Service.RowsAsync<Guid>("select signed_by from screening where id = @id", new { id = (Guid)reply["screeningId"]! });
        Assert.Equal(bureau.PersonId, Assert.Single(signed));
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_a_changed_one_becomes_a_new_version()
    {
        var client = fixture.Service.As(bureau);
        var first = Ids((await client.PostAsync(Path, Import(source, Item("1", "甲"), Item("2", "乙")))).Expect(200));
        var again = (await client.PostAsync(Path, Import(source, Item("1", "甲"), Item("2", "乙（改）")))).Expect(200);
        Assert.Equal((1, 1), ((int)again["accepted"]!, (int)again["unchanged"]!));
        Assert.Equal(first, Ids(again));
        var versions = (await fixture.Service.PublishedAsync<AchievementPublished>()).Where(e => e.AchievementId == first[1]).Select(e => (e.Version, e.Title));
        Assert.Equal([(1L, "乙"), (2L, "乙（改）")], versions);
    }

    [Fact]
    public async Task A_record_that_cannot_be_taken_is_told_with_its_reasons_while_the_others_are_taken()
    {
        var reply = (await fixture.Service.As(bureau).PostAsync(Path, Import(source, Item("1", ""), Item("2", "好的"), Item("2", "重复的")))).Expect(200);
        Assert.Equal((1, 2), ((int)reply["accepted"]!, (int)reply["rejected"]!));
        var items = reply["items"]!.AsArray();
        Assert.NotNull(items[0]!["errors"]!["title"]);
        Assert.NotNull(items[2]!["errors"]!["sourceId"]);
    }

    [Fact]
    public async Task What_was_withdrawn_here_stays_withdrawn()
    {
        var client = fixture.Service.As(bureau);
        var id = Ids((await client.PostAsync(Path, Import(source, Item("1", "甲")))).Expect(200)).Single();
        (await client.PostAsync($"/api/achievements/{id}/withdrawal", new { reason = "侵权" })).Expect(200);
        (await client.PostAsync(Path, Import(source, Item("1", "甲（改）")))).Expect(200);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(404);
    }

    [Fact]
    public async Task The_same_batch_sent_many_times_at_once_is_taken_once()
    {
        var items = Enumerable.Range(0, 50).Select(i => Item($"{i}", $"成果 {i}")).ToArray();
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            fixture.Service.As(bureau).PostAsync(Path, Import(source, [.. items.Select(Clone)]))));
        Assert.Equal(50, replies.Sum(reply => (int)reply.Expect(200)["accepted"]!));
        var count = await fixture.Service.RowsAsync<int>("select count(1)::int from achievement where source = @source", new { source });
        Assert.Equal(50, count.Single());
    }

    [Fact]
    public async Task More_than_five_hundred_at_once_are_refused()
    {
        var items = Enumerable.Range(0, 501).Select(i => Item($"{i}", $"成果 {i}")).ToArray();
        Assert.NotNull((await fixture.Service.As(bureau).PostAsync(Path, Import(source, items))).Expect(400)["errors"]!["items"]);
    }

    [Fact]
    public async Task Only_a_bureau_imports()
    {
        (await fixture.Service.As(TestPerson.Provider()).PostAsync(Path, Import(source, Item("1", "甲")))).Expect(403);
        (await fixture.Service.As(null).PostAsync(Path, Import(source, Item("1", "甲")))).Expect(401);
    }

    static JsonObject Clone(JsonObject item) => item.DeepClone().AsObject();

    static List<Guid> Ids(Reply reply) => [.. reply["items"]!.AsArray().Select(item => (Guid)item!["id"]!)];
}

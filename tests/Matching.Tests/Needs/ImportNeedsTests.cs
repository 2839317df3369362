using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Matching.Tests.Needs;

public sealed class ImportNeedsTests(MatchingFixture fixture)
{
    readonly TestPerson bureau = TestPerson.Bureau();
    readonly string source = $"source {Guid.CreateVersion7():N}";

    [Fact]
    public async Task Records_are_taken_once_and_changed_ones_again()
    {
        var first = await ImportAsync(Item("1", "甲"), Item("2", "乙").With("holderName", "某公司"));
        Assert.Equal(["accepted", "accepted"], Results(first));
        var again = await ImportAsync(Item("1", "甲"), Item("2", "乙（修订）").With("holderName", "某公司"), Item("3", "丙"));
        Assert.Equal(["unchanged", "accepted", "accepted"], Results(again));
        Assert.Equal((2, 1, 0), ((int)again["accepted"]!, (int)again["unchanged"]!, (int)again["rejected"]!));
        Assert.Equal(Ids(first), Ids(again).Take(2));

        var id = Ids(again)[1];
        var need = (await fixture.Service.As(bureau).GetAsync($"/api/needs/{id}")).Expect(200);
        Assert.Equal(("乙（修订）", "某公司", source, "2"), ((string?)need["title"], (string?)need["holderName"],
            (string?)need["origin"]!["source"], (string?)need["origin"]!["sourceId"]));
        Assert.Null(need["organisationId"]);
        Assert.Null(need["techField"]);
        Assert.Null(need["budget"]);
        Assert.Equal([1L, 2L], (await fixture.Service.PublishedAsync<NeedPublished>()).Where(e => e.NeedId == id).Select(e => e.Version));
    }

    [Fact]
    public async Task A_record_that_cannot_be_taken_is_told_with_its_reasons_and_the_others_are_taken()
    {
        var reply = await ImportAsync(
            Item("1", "甲"),
            Item("2", ""),
            Item("3", "丙").With("techField", "magic").With("regionCode", "999999"),
            Item("1", "甲又"),
            new JsonObject { ["title"] = "无编号" });
        Assert.Equal(["accepted", "rejected", "rejected", "rejected", "rejected"], Results(reply));
        Assert.Equal(["title"], Fields(1));
        Assert.Equal(["techField", "regionCode"], Fields(2));
        Assert.Equal(["sourceId"], Fields(3));
        Assert.Equal(["sourceId"], Fields(4));
        Assert.Null(reply["items"]![1]!["id"]);

        IEnumerable<string> Fields(int i) => reply["items"]![i]!["errors"]!.AsObject().Select(field => field.Key);
    }

    [Fact]
    public async Task Two_imports_of_the_same_records_at_once_take_each_once()
    {
        var items = Enumerable.Range(0, 50).Select(i => Item($"{i}", $"需求{i}")).ToArray();
        var replies = await Task.WhenAll(ImportAsync(items), ImportAsync(items), ImportAsync(items));
        Assert.Equal(50, replies.Sum(reply => (int)reply["accepted"]!));
        Assert.Equal(100, replies.Sum(reply => (int)reply["unchanged"]!));
        Assert.Equal(50, (await fixture.Service.RowsAsync<long>("select count(*) from need where source = @source", new { source })).Single());
    }

    [Fact]
    public async Task Five_hundred_long_records_pass_and_one_more_does_not()
    {
        var items = Enumerable.Range(0, 500).Select(i => Item($"{i}", $"需求{i}").With("problem", new string('长', 5_000))).ToArray();
        Assert.Equal(500, (int)(await ImportAsync(items))["accepted"]!);
        Assert.NotNull((await PostAsync([.. items, Item("500", "多")])).Expect(400)["errors"]!["items"]);
        // Escaped, each of these characters takes six bytes of the request.
        var tooMuch = Enumerable.Range(0, 500).Select(i => Item($"{i}", $"需求{i}").With("problem", new string('长', 6_000))).ToArray();
        Assert.Equal("body-too-large", (await PostAsync(tooMuch)).Expect(413).Problem);
    }

    [Theory]
    [InlineData("""{"items":[{"sourceId":"1","title":"x"}]}""", "source")]
    [InlineData("""{"source":"s"}""", "items")]
    [InlineData("""{"source":"s","items":[]}""", "items")]
    [InlineData("""{"source":"s","items":[null]}""", "items[0]")]
    [InlineData("""{"source":"s","items":{}}""", "items")]
    [InlineData("""{"source":"s","items":[{"sourceId":1}]}""", "items[0].sourceId")]
    [InlineData("""{"source":"s","items":[{"sourceId":"1","registrationNo":"x"}]}""", "items[0].registrationNo")]
    public async Task A_bad_request_is_refused_as_a_whole(string json, string field)
    {
        var reply = (await fixture.Service.As(bureau).PostTextAsync("/api/needs/imports", json)).Expect(400);
        Assert.True(reply["errors"]!.AsObject().ContainsKey(field), reply.Text);
    }

    [Fact]
    public async Task Only_a_bureau_imports_and_only_the_importer_closes()
    {
        (await fixture.Service.As(TestPerson.Seeker()).PostAsync("/api/needs/imports", new { })).Expect(403);
        (await fixture.Service.As(null).PostAsync("/api/needs/imports", new { })).Expect(401);
        var id = Ids(await ImportAsync(Item("1", "甲")))[0];
        (await fixture.Service.As(TestPerson.Bureau()).PostAsync($"/api/needs/{id}/closure", new { reason = "withdrawn" })).Expect(403);
        (await fixture.Service.As(bureau).PostAsync($"/api/needs/{id}/closure", new { reason = "withdrawn" })).Expect(200);
        Assert.Equal(["unchanged"], Results(await ImportAsync(Item("1", "甲改"))));
        Assert.Equal("甲", (string?)(await fixture.Service.As(bureau).GetAsync($"/api/needs/{id}"))["title"]);
    }

    static JsonObject Item(string sourceId, string title) => new() { ["sourceId"] = sourceId, ["title"] = title, ["problem"] = "……" };

    async Task<Reply> ImportAsync(params JsonObject[] items) => (await PostAsync(items)).Expect(200);

    Task<Reply> PostAsync(JsonObject[] items) => fixture.Service.As(bureau).PostAsync("/api/needs/imports",
        new JsonObject { ["source"] = source, ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]) });

    static IEnumerable<string> Results(Reply reply) => reply["items"]!.AsArray().Select(item => (string)item!["result"]!);

    static List<Guid> Ids(Reply reply) => [.. reply["items"]!.AsArray().Select(item => Guid.Parse((string)item!["id"]!))];
}

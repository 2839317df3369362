using System.Text.Json.Nodes;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

public sealed class DraftTests(ListingsFixture fixture)
{
    readonly TestPerson provider = TestPerson.Provider();

    public static TheoryData<string, string, string> Faults => new()
    {
        { "title", "null", "title" },
        { "title", "\"\"", "title" },
        { "summary", "null", "summary" },
        { "category", "\"unheard_of\"", "category" },
        { "keywords", """["一","二","三","四"]""", "keywords" },
        { "techField", "\"magic\"", "techField" },
        { "industryCode", "\"Z9999\"", "industryCode" },
        { "regionCode", "\"999999\"", "regionCode" },
        { "trl", "14", "trl" },
        { "trl", "0", "trl" },
        { "transferModes", "[]", "transferModes" },
        { "transferModes", """["gift"]""", "transferModes[0]" },
        { "intellectualProperty", "[]", "intellectualProperty" },
        { "intellectualProperty", """[{"kind":"invention","number":"ZL200410000002.5"}]""", "intellectualProperty[0].number" },
        { "intellectualProperty", """[{"kind":"software_copyright"}]""", "intellectualProperty[0].number" },
        { "completers", """[{"name":"赵一","sharePercent":99.99}]""", "completers" },
        { "completers", """[{"name":"赵一","sharePercent":100.001}]""", "completers[0].sharePercent" },
        { "completers", """[{"name":"赵一","sharePercent":-1},{"name":"钱二","sharePercent":101}]""", "completers[0].sharePercent" },
        { "ownershipShares", """[{"holderName":"甲","percent":60},{"holderName":"乙","percent":30}]""", "ownershipShares" },
        { "fundingSource", "\"lottery\"", "fundingSource" },
        { "evidence", """[{"kind":"rumour","title":"x"}]""", "evidence[0].kind" },
        { "askingPrice", "\"-1.00\"", "askingPrice" },
        { "askingPrice", """{"amount":"10.00","currency":"USD"}""", "askingPrice" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_told_by_its_field(string field, string json, string expected)
    {
        var body = Good();
        body[field] = JsonNode.Parse(json);
        var reply = (await fixture.Service.As(provider).PostAsync("/api/achievements", body)).Expect(400);
        var errors = reply["errors"]!.AsObject();
        Assert.Contains(errors, error => error.Key == expected || error.Key.StartsWith($"{expected}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_technical_secret_needs_no_number()
    {
        var body = With("intellectualProperty", new JsonArray(Right("technical_secret", null)));
        (await fixture.Service.As(provider).PostAsync("/api/achievements", body)).Expect(201);
    }

    [Fact]
    public async Task Owners_are_kept_as_named()
    {
        var body = With("ownershipShares", JsonNode.Parse("""[{"holderName":"甲大学","percent":66.67},{"holderName":"乙公司","percent":33.33}]"""));
        var reply = (await fixture.Service.As(provider).PostAsync("/api/achievements", body)).Expect(201);
        Assert.Equal(["甲大学", "乙公司"], reply["ownershipShares"]!.AsArray().Select(share => (string)share!["holderName"]!));
    }

    [Fact]
    public async Task Only_the_newest_version_can_be_changed()
    {
        var created = (await fixture.Service.As(provider).PostAsync("/api/achievements", Good())).Expect(201);
        var client = fixture.Service.As(provider);
        client.Http.DefaultRequestHeaders.Add("If-Match", "\"1\"");
        (await client.PutAsync($"/api/achievements/{created.Id}", Good(title: "第二稿"))).Expect(200);
        Assert.Equal("version-changed", (await client.PutAsync($"/api/achievements/{created.Id}", Good(title: "晚到的第三稿"))).Expect(412).Problem);
        Assert.Equal("第二稿", (string)(await client.GetAsync($"/api/achievements/{created.Id}"))["title"]!);
    }

    [Fact]
    public async Task Another_does_not_change_it_and_it_is_not_changed_after_submission()
    {
        var id = await fixture.DraftAsync(provider, Good());
        (await fixture.Service.As(TestPerson.Provider()).PutAsync($"/api/achievements/{id}", Good())).Expect(404);
        await fixture.StepAsync(provider, id, "submission", new { });
        Assert.Equal("wrong-state", (await fixture.Service.As(provider).PutAsync($"/api/achievements/{id}", Good())).Expect(409).Problem);
    }

    [Fact]
    public async Task The_same_request_sent_again_makes_one_draft()
    {
        var client = fixture.Service.As(provider);
        var key = Guid.NewGuid().ToString();
        var body = Good();
        var first = (await client.PostAsync("/api/achievements", body, key)).Expect(201);
        var again = (await client.PostAsync("/api/achievements", body, key)).Expect(201);
        Assert.Equal(first.Id, again.Id);
        Assert.Single((await client.GetAsync("/api/achievements/mine")).Expect(200)["items"]!.AsArray());
    }

    [Fact]
    public async Task An_organisation_that_was_not_verified_drafts_nothing() =>
        (await fixture.Service.As(TestPerson.Provider().Unverified()).PostAsync("/api/achievements", Good())).Expect(403);

    [Fact]
    public async Task One_s_own_are_listed_page_by_page_the_newest_first()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++) ids.Add(await fixture.DraftAsync(provider, Good()));
        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            var page = (await fixture.Service.As(provider).GetAsync($"/api/achievements/mine?limit=2&cursor={cursor}")).Expect(200);
            seen.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        ids.Reverse();
        Assert.Equal(ids, seen);
        Assert.Equal(ids, seen.Distinct());
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.Listings.Screening;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

/// <summary>Duplicates, the unit's own review, the declaration on secrets, warnings, versions and the certificate.</summary>
public sealed class RegistrationTests(ListingsFixture fixture)
{
    readonly TestPerson provider = TestPerson.Provider();
    readonly TestPerson bureau = TestPerson.Bureau();

    [Theory]
    [InlineData("patent")]
    [InlineData("project")]
    public async Task The_same_number_is_registered_once_until_the_earlier_record_has_left(string kind)
    {
        var first = await fixture.InStateAsync("submitted", provider, bureau, Claiming(kind, "2024-KJ-0017"));
        var other = TestPerson.Provider();
        var body = Claiming(kind, "2024-kj-0017 ");
        var (earlier, _) = (await fixture.Service.As(provider).GetAsync($"/api/achievements/{first}"), 0);
        if (kind == "patent") body["intellectualProperty"] = earlier["intellectualProperty"]!.DeepClone();
        var second = await fixture.DraftAsync(other, body);
        var refused = (await fixture.Service.As(other).PostAsync($"/api/achievements/{second}/submission", new { })).Expect(409);
        Assert.Equal("achievement-duplicate", refused.Problem);
        Assert.Equal((kind, first), ((string)refused["facts"]!["kind"]!, (Guid)refused["facts"]!["achievementId"]!));

        (await fixture.Service.As(provider).PostAsync($"/api/achievements/{first}/withdrawal", new { reason = "重复" })).Expect(200);
        Assert.Equal("submitted", await fixture.StepAsync(other, second, "submission", new { }));
    }

    [Fact]
    public async Task Of_many_who_hand_the_same_patent_in_at_once_one_gets_through()
    {
        var body = Good();
        var people = Enumerable.Range(0, 8).Select(_ => TestPerson.Provider()).ToList();
        var drafts = await Task.WhenAll(people.Select(async person => (person, Id: await fixture.DraftAsync(person, body.DeepClone().AsObject()))));
        var replies = await Task.WhenAll(drafts.Select(draft =>
            fixture.Service.As(draft.person).PostAsync($"/api/achievements/{draft.Id}/submission", new { })));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal("achievement-duplicate", reply.Expect(409).Problem));
    }

    [Fact]
    public async Task Two_records_that_share_two_patents_in_other_orders_do_not_block_each_other()
    {
        var (a, b) = (Good()["intellectualProperty"]![0]!.DeepClone(), Good()["intellectualProperty"]![0]!.DeepClone());
        var pairs = Enumerable.Range(0, 10).Select(i =>
            With("intellectualProperty", i % 2 == 0 ? new JsonArray(a.DeepClone(), b.DeepClone()) : new JsonArray(b.DeepClone(), a.DeepClone()))).ToList();
        var drafts = new List<Guid>();
        foreach (var body in pairs) drafts.Add(await fixture.DraftAsync(provider, body));
        var replies = await Task.WhenAll(drafts.Select(id => fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/submission", new { })));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(409));
    }

    [Fact]
    public async Task Where_the_unit_has_a_reviewer_the_record_passes_by_him_first()
    {
        await TellAsync(1, hasReviewer: true);
        var reviewer = provider.Colleague("reviewer");
        var id = await fixture.DraftAsync(provider, Good());
        Assert.Equal("in_unit_review", await fixture.StepAsync(provider, id, "submission", new { }));
        (await fixture.Service.As(bureau).GetAsync($"/api/achievements/{id}")).Expect(404);
        (await fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/review", new { decision = "passed" })).Expect(403);
        (await fixture.Service.As(TestPerson.Of("university", "510100", "reviewer")).PostAsync($"/api/achievements/{id}/review", new { decision = "passed" }))
            .Expect(404);
        Assert.Contains(id, (await fixture.Service.As(reviewer).GetAsync("/api/achievements/awaiting")).Expect(200)["items"]!.AsArray().Select(i =>
            (Guid)i!["id"]!));
        (await fixture.Service.As(reviewer).PostAsync($"/api/achievements/{id}/review", new { decision = "returned" })).Expect(400);
        Assert.Equal("draft", await fixture.StepAsync(reviewer, id, "review", new { decision = "returned", reason = "缺附件" }));
        await fixture.StepAsync(provider, id, "submission", new { });
        Assert.Equal("submitted", await fixture.StepAsync(reviewer, id, "review", new { decision = "passed" }));

        // He has left; a late older state does not bring him back.
        await TellAsync(3, hasReviewer: false);
        await TellAsync(2, hasReviewer: true);
        Assert.Equal("submitted", await fixture.StepAsync(provider, await fixture.DraftAsync(provider, Good()), "submission", new { }));
    }

    [Theory]
    [InlineData("secrecyLevel", "\"secret\"", "secrecyLevel")]
    [InlineData("declaration", """{"stateSecrets":true}""", "declaration.stateSecrets")]
    [InlineData("declaration", """{"commercialSecrets":["nobody"]}""", "declaration.commercialSecrets[0]")]
    [InlineData("form", """{"nature":"magic"}""", "form.nature")]
    [InlineData("form", """{"startedOn":"2024-13"}""", "form.startedOn")]
    [InlineData("form", """{"startedOn":"2024-03","endedOn":"2023-12"}""", "form.endedOn")]
    [InlineData("form", """{"subject":"12"}""", "form.subject")]
    [InlineData("form", """{"awardYear":1900}""", "form.awardYear")]
    public async Task What_may_not_be_said_stops_at_the_door(string field, string json, string expected)
    {
        var before = (await fixture.Service.As(provider).GetAsync("/api/achievements/mine"))["items"]!.AsArray().Count;
        var reply = (await fixture.Service.As(provider).PostAsync("/api/achievements", With(field, JsonNode.Parse(json)))).Expect(400);
        Assert.NotNull(reply["errors"]![expected]);
        Assert.Equal(before, (await fixture.Service.As(provider).GetAsync("/api/achievements/mine"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_whole_form_is_kept_for_holder_and_bureau()
    {
        var body = With("form", JsonNode.Parse("""
            {"nature":"original","outputForm":"new_process","level":"domestic_leading","stage":"middle","evaluation":"third_party","maturity":"pilot",
             "subject":"430.15","startedOn":"2022-01","endedOn":"2024-12","serviceAchievement":true,"planName":"省重点研发计划",
             "fundingAmount":"1500000.00","awardName":"科技进步奖","awardYear":2026}
            """.Replace("430.15", "43015", StringComparison.Ordinal)));
        var id = await fixture.InStateAsync("published", provider, bureau, body);
        var form = (await fixture.Service.As(provider).GetAsync($"/api/achievements/{id}"))["form"]!;
        Assert.Equal(("original", "2022-01", true, 2026),
            ((string)form["nature"]!, (string)form["startedOn"]!, (bool)form["serviceAchievement"]!, (int)form["awardYear"]!));
        Assert.Null((await fixture.Service.As(null).GetAsync($"/api/achievements/{id}"))["form"]);
    }

    [Fact]
    public async Task Word_hits_are_kept_with_the_record_and_overruled_by_the_signature()
    {
        var body = Good(title: "一种军用装备可借鉴的散热结构");
        body["declaration"] = JsonNode.Parse("""{"stateSecrets":false,"commercialSecrets":["partner"],"statement":"合作方已同意"}""");
        var id = await fixture.InStateAsync("submitted", provider, bureau, body);
        var warnings = (await fixture.Service.As(bureau).GetAsync($"/api/achievements/{id}")).Expect(200)["warnings"]!.AsArray();
        Assert.Contains(warnings, warning => (string)warning!["rule"]! == "defence.words"
            && ((string)warning["detail"]!).Contains("军用", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => (string)warning!["kind"]! == "commercial_secret");
        Assert.Equal("screened", await fixture.StepAsync(bureau, id, "screening", new { conclusion = "public", note = "经核实不涉密" }));
        var kept = await fixture.Service.RowsAsync<string>(
            "select s.warnings::text from screening s join achievement a on a.screening_id = s.id where a.id = @id", new { id });
        Assert.Contains("defence.words", kept.Single(), StringComparison.Ordinal);
        Assert.Null((await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Json?["warnings"]);
    }

    [Fact]
    public async Task A_text_much_like_a_published_one_is_a_warning()
    {
        var mark = $"{Guid.NewGuid():N}"[..10];
        var first = await fixture.InStateAsync("published", provider, bureau, Good(title: $"{mark}型低温余热回收热泵系统"));
        await Eventually.Async(() => fixture.Service.As(null).GetAsync($"/api/achievements?q={mark}"), reply => (int)reply["total"]! == 1);
        var second = await fixture.InStateAsync("submitted", TestPerson.Provider(), bureau, Good(title: $"{mark}型低温余热回收热泵的系统"));
        var warnings = (await fixture.Service.As(bureau).GetAsync($"/api/achievements/{second}")).Expect(200)["warnings"]!.AsArray();
        Assert.Contains(warnings, warning => (string)warning!["kind"]! == "likeness" && (string)warning["rule"]! == first.ToString());
        Assert.True(Likeness.Of("低温热泵", "低温热泵") == 1 && Likeness.Of("低温热泵", "高炉炼铁") == 0);
    }

    [Fact]
    public async Task Rules_of_screening_are_data_that_operators_change()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(own);
        var rule = new { id = "local.words", words = new[] { "暗河" }, note = "地方规则", source = "test", validFrom = "2020-01-01" };
        (await own.As(bureau).PostAsync("/api/achievements/screening-rules", rule)).Expect(403);
        (await own.As(TestPerson.Operator()).PostAsync("/api/achievements/screening-rules", rule)).Expect(201);
        // A shipped rule is ended by an entry under its id.
        (await own.As(TestPerson.Operator()).PostAsync("/api/achievements/screening-rules",
            new { id = "defence.words", words = new[] { "国防" }, note = "停用", source = "test", validFrom = "2020-01-01", validTo = "2020-12-31" })).Expect(201);
        var id = await listings.InStateAsync("submitted", provider, bureau, Good(title: "军用暗河探测"));
        var warnings = (await own.As(bureau).GetAsync($"/api/achievements/{id}")).Expect(200)["warnings"]!.AsArray();
        Assert.Equal("local.words", (string)Assert.Single(warnings)!["rule"]!);
    }

    [Fact]
    public async Task A_market_may_ask_for_the_declaration()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(own);
        (await own.As(TestPerson.Operator()).PostAsync("/api/parameters/listings",
            new { id = "listing.declarationRequired", value = "true", validFrom = "2020-01-01", source = "test" })).Expect(201);
        var id = await listings.DraftAsync(provider, Good());
        Assert.Equal("declaration-missing", (await own.As(provider).PostAsync($"/api/achievements/{id}/submission", new { })).Expect(409).Problem);
        var declared = await listings.DraftAsync(provider, With("declaration", JsonNode.Parse("""{"stateSecrets":false}""")));
        Assert.Equal("submitted", await listings.StepAsync(provider, declared, "submission", new { }));
    }

    [Fact]
    public async Task Every_change_is_a_version_that_can_be_read_and_compared()
    {
        var id = await fixture.DraftAsync(provider, Good(title: "第一稿"));
        (await fixture.Service.As(provider).PutAsync($"/api/achievements/{id}", Good(title: "第二稿"))).Expect(200);
        await fixture.StepAsync(provider, id, "submission", new { });
        var client = fixture.Service.As(provider);
        var versions = (await client.GetAsync($"/api/achievements/{id}/versions")).Expect(200)["items"]!.AsArray();
        Assert.Equal([3L, 2L, 1L], versions.Select(version => (long)version!["version"]!));
        Assert.Equal(["submitted", "draft", "draft"], versions.Select(version => (string)version!["status"]!));
        Assert.Equal("第一稿", (string)(await client.GetAsync($"/api/achievements/{id}/versions/1")).Expect(200)["content"]!["title"]!);
        var changes = (await client.GetAsync($"/api/achievements/{id}/versions/2/changes")).Expect(200)["changes"]!.AsArray();
        var title = Assert.Single(changes, change => (string)change!["field"]! == "title")!;
        Assert.Equal(("第一稿", "第二稿"), ((string)title["before"]!, (string)title["after"]!));
        Assert.Equal("status", (string)Assert.Single((await client.GetAsync($"/api/achievements/{id}/versions/3/changes"))["changes"]!.AsArray())!["field"]!);
        (await client.GetAsync($"/api/achievements/{id}/versions/9")).Expect(404);
        (await fixture.Service.As(TestPerson.Provider()).GetAsync($"/api/achievements/{id}/versions")).Expect(404);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}/versions")).Expect(401);
    }

    [Fact]
    public async Task The_certificate_states_what_was_registered_and_can_be_recomputed()
    {
        var id = await fixture.InStateAsync("registered", provider, bureau);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}/certificate")).Expect(404);
        await fixture.StepAsync(provider, id, "publication", new { });
        var certificate = (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}/certificate")).Expect(200);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((string)certificate["text"]!))), (string)certificate["hash"]!);
        Assert.Equal((provider.Organisation.Name, "valid"), ((string)certificate["statement"]!["firstCompleter"]!, (string)certificate["status"]!));
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/cancellation", new { ground = "fraud", reason = "数据造假" })).Expect(200);
        Assert.Equal("cancelled", (string)(await fixture.Service.As(null).GetAsync($"/api/achievements/{id}/certificate")).Expect(200)["status"]!);
    }

    static JsonObject Claiming(string kind, string projectNo)
    {
        var body = Good();
        if (kind == "project") body["form"] = new JsonObject { ["projectNo"] = projectNo };
        return body;
    }

    Task<Guid> TellAsync(long version, bool hasReviewer) => fixture.Service.DeliverAsync(provider.OrganisationId, new OrganisationChanged(
        provider.OrganisationId, version, provider.Organisation.Name, "university", provider.Organisation.Uscc, "510100", "verified", [], DateTimeOffset.UtcNow,
        hasReviewer));
}

using System.Globalization;
using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

/// <summary>draft → submitted → screened → registered → published, and who may take each step.</summary>
public sealed class WayToPublicationTests(ListingsFixture fixture)
{
    readonly TestPerson provider = TestPerson.Provider();
    readonly TestPerson bureau = TestPerson.Bureau();

    [Fact]
    public async Task The_whole_way_ends_in_a_published_record_with_a_number()
    {
        var id = await fixture.DraftAsync(provider, Good());
        Assert.Equal("submitted", await fixture.StepAsync(provider, id, "submission", new { }));
        Assert.Equal("screened", await fixture.StepAsync(bureau, id, "screening", new { conclusion = "public", note = "不涉密" }));
        Assert.Equal("registered", await fixture.StepAsync(bureau, id, "registration", new { decision = "registered" }));
        Assert.Equal("published", await fixture.StepAsync(provider, id, "publication", new { }));

        var record = (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(200);
        Assert.Matches(@"^951\d{4}Y\d{4}$", (string)record["registrationNo"]!);
        Assert.Null(record["evidence"]);
        Assert.Equal(provider.Organisation.Name, (string)record["holder"]!);
        Assert.Equal(100m, (decimal)record["ownershipShares"]![0]!["percent"]!);

        var published = Assert.Single(await fixture.Service.PublishedAsync<AchievementPublished>(), e => e.AchievementId == id);
        Assert.Equal((1L, (string)record["registrationNo"]!, provider.OrganisationId), (published.Version, published.RegistrationNo, published.OrganisationId));
        Assert.NotEqual(Guid.Empty, published.ScreeningId);
    }

    public static TheoryData<string, string> Steps => new()
    {
        { "draft", "submission" }, { "submitted", "screening" }, { "screened", "registration" }, { "registered", "publication" },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_step_is_taken_in_its_state_alone(string state, string step)
    {
        foreach (var other in Steps.Select(row => row.Data.Item1).Append("published").Where(other => other != state))
        {
            var id = await fixture.InStateAsync(other, provider, bureau);
            var caller = step is "screening" or "registration" ? bureau : provider;
            var reply = await fixture.Service.As(caller).PostAsync($"/api/achievements/{id}/{step}", ListingsFixture.BodyOf(step));
            // A draft is nobody's business but the holder's.
            if (other == "draft" && caller == bureau) reply.Expect(404);
            else Assert.Equal("wrong-state", reply.Expect(409).Problem);
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Others_do_not_even_find_it(string state, string step)
    {
        var id = await fixture.InStateAsync(state, provider, bureau);
        TestPerson[] others = step is "screening" or "registration"
            ? [TestPerson.Bureau("650000"), TestPerson.Bureau("510700")]
            : [TestPerson.Provider(), TestPerson.Of("enterprise", "510100", "provider")];
        foreach (var other in others)
            (await fixture.Service.As(other).PostAsync($"/api/achievements/{id}/{step}", ListingsFixture.BodyOf(step))).Expect(404);
        var wrongRole = step is "screening" or "registration" ? provider : bureau;
        (await fixture.Service.As(wrongRole).PostAsync($"/api/achievements/{id}/{step}", ListingsFixture.BodyOf(step))).Expect(403);
        (await fixture.Service.As(null).PostAsync($"/api/achievements/{id}/{step}", ListingsFixture.BodyOf(step))).Expect(401);
        Assert.Equal(state, (string)(await fixture.Service.As(provider).GetAsync($"/api/achievements/{id}"))["status"]!);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(404);
        (await fixture.Service.As(TestPerson.Provider()).GetAsync($"/api/achievements/{id}")).Expect(404);
    }

    [Theory]
    [InlineData("restricted")]
    [InlineData("offline_only")]
    public async Task A_record_that_is_not_for_the_public_stays_off_the_market(string conclusion)
    {
        var id = await fixture.InStateAsync("submitted", provider, bureau);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/screening", new { conclusion })).Expect(400);
        Assert.Equal(conclusion, await fixture.StepAsync(bureau, id, "screening", new { conclusion, note = "涉及商业秘密" }));
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/registration", new { decision = "registered" })).Expect(409);
        (await fixture.Service.As(null).GetAsync($"/api/achievements/{id}")).Expect(404);
        Assert.DoesNotContain(await fixture.Service.PublishedAsync<AchievementPublished>(), e => e.AchievementId == id);
    }

    [Fact]
    public async Task What_is_returned_can_be_completed_and_comes_again()
    {
        var id = await fixture.InStateAsync("screened", provider, bureau);
        (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/registration", new { decision = "returned" })).Expect(400);
        Assert.Equal("draft", await fixture.StepAsync(bureau, id, "registration", new { decision = "returned", reason = "缺用户证明" }));
        var seen = await fixture.Service.As(provider).GetAsync($"/api/achievements/{id}");
        Assert.Equal("缺用户证明", (string)seen["statusReason"]!);
        (await fixture.Service.As(provider).PutAsync($"/api/achievements/{id}", Good(title: "补正后的标题"))).Expect(200);
        Assert.Equal("submitted", await fixture.StepAsync(provider, id, "submission", new { }));
        Assert.Equal("补正后的标题", (string)(await fixture.Service.As(bureau).GetAsync($"/api/achievements/{id}"))["title"]!);
    }

    [Fact]
    public async Task Registration_asks_for_the_documents_of_the_category()
    {
        var id = await fixture.InStateAsync("screened", provider, bureau, With("evidence", new JsonArray(Evidence("ip_proof"))));
        Assert.Equal("evidence-missing",
            (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/registration", new { decision = "registered" })).Expect(409).Problem);
    }

    [Fact]
    public async Task A_disputed_achievement_is_not_registered()
    {
        var id = await fixture.InStateAsync("screened", provider, bureau, With("rights", new JsonObject { ["disputed"] = true }));
        Assert.Equal("achievement-disputed",
            (await fixture.Service.As(bureau).PostAsync($"/api/achievements/{id}/registration", new { decision = "registered" })).Expect(409).Problem);
    }

    [Fact]
    public async Task Numbers_given_out_at_once_are_all_different_and_without_gaps()
    {
        var far = TestPerson.Bureau("540000");
        var holder = TestPerson.Provider("540100");
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.InStateAsync("screened", holder, far, Good("540102"))));
        var replies = await Task.WhenAll(ids.Select(id =>
            fixture.Service.As(far).PostAsync($"/api/achievements/{id}/registration", new { decision = "registered" })));
        var serials = replies.Select(reply => int.Parse(((string)reply.Expect(200)["registrationNo"]!)[^4..], CultureInfo.InvariantCulture)).Order().ToList();
        Assert.Equal(Enumerable.Range(1, 20), serials);
    }

    [Fact]
    public async Task Name_and_price_are_public_for_the_legal_time_before_it_is_published()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(own);
        var id = await listings.InStateAsync("registered", provider, bureau, With("askingPrice", "500000.00"));
        var refused = (await own.As(provider).PostAsync($"/api/achievements/{id}/publication", new { })).Expect(409);
        Assert.Equal("publicity-running", refused.Problem);
        own.Clock.Advance(TimeSpan.FromDays(15));
        (await own.As(provider).PostAsync($"/api/achievements/{id}/publication", new { })).Expect(409);
        own.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("published", (string)(await own.As(provider).PostAsync($"/api/achievements/{id}/publication", new { })).Expect(200)["status"]!);
    }

    [Fact]
    public async Task A_parameter_of_no_days_lifts_the_publicity()
    {
        await using var own = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(own);
        (await own.As(TestPerson.Operator()).PostAsync("/api/parameters/listings",
            new { id = "publicity.minDays", value = "0", validFrom = "2020-01-01", source = "trial market" })).Expect(201);
        var id = await listings.InStateAsync("registered", provider, bureau, With("askingPrice", "500000.00"));
        (await own.As(provider).PostAsync($"/api/achievements/{id}/publication", new { })).Expect(200);
    }

    [Fact]
    public async Task Two_who_publish_at_once_publish_it_once()
    {
        var id = await fixture.InStateAsync("registered", provider, bureau);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            fixture.Service.As(provider).PostAsync($"/api/achievements/{id}/publication", new { })));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal("wrong-state", reply.Expect(409).Problem));
        Assert.Single(await fixture.Service.PublishedAsync<AchievementPublished>(), e => e.AchievementId == id);
    }
}

using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Matching.Tests.Needs;

public sealed class PostNeedTests(MatchingFixture fixture)
{
    readonly TestPerson seeker = TestPerson.Seeker();

    [Fact]
    public async Task A_posted_need_is_open_and_announced()
    {
        var posted = (await fixture.Service.As(seeker).PostAsync("/api/needs", NeedBodies.Full())).Expect(201);
        Assert.Equal("open", (string?)posted["status"]);
        Assert.Equal($"/api/needs/{posted.Id}", posted.Headers.Location?.ToString());

        var read = (await fixture.Service.As(seeker).GetAsync($"/api/needs/{posted.Id}")).Expect(200);
        Assert.Equal("储能电站用高安全锂离子电池热失控防护技术", (string?)read["title"]);
        Assert.Equal("≥8000", (string?)read["indicators"]![0]!["target"]);
        Assert.Equal("2000000.00", (string?)read["budget"]!["max"]!["amount"]);
        Assert.Equal("2099-12-31", (string?)read["deadline"]);
        Assert.True((bool)read["measurable"]!);

        var announced = Assert.Single(await fixture.Service.PublishedAsync<NeedPublished>(), e => e.NeedId == posted.Id);
        Assert.Equal((1, seeker.OrganisationId, "341623"), (announced.Version, announced.OrganisationId, announced.RegionCode));
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_that_there_is_a_need_and_not_what_is_secret_about_it()
    {
        var id = await fixture.Service.PostNeedAsync(seeker);
        var read = (await fixture.Service.As(null).GetAsync($"/api/needs/{id}")).Expect(200);
        Assert.Equal("new_energy_saving", (string?)read["techField"]);
        Assert.Null(read["problem"]);
        Assert.Null(read["indicators"]);
        Assert.DoesNotContain("磷酸铁锂", (await fixture.Service.As(null).GetAsync("/api/needs?limit=100")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title", null)]
    [InlineData("title", "\"  \"")]
    [InlineData("problem", null)]
    [InlineData("techField", null)]
    [InlineData("techField", "\"magic\"")]
    [InlineData("industryCode", null)]
    [InlineData("industryCode", "\"C9999\"")]
    [InlineData("regionCode", null)]
    [InlineData("regionCode", "\"999999\"")]
    [InlineData("cooperationModes", null)]
    [InlineData("cooperationModes", "[]")]
    [InlineData("cooperationModes[0]", "[\"barter\"]")]
    [InlineData("indicators[0].target", "[{\"name\":\"寿命\"}]")]
    [InlineData("indicators[0]", "[null]")]
    [InlineData("budget.max", """{"min":{"amount":"2.00","currency":"CNY"},"max":{"amount":"1.00","currency":"CNY"}}""")]
    [InlineData("budget.min", """{"min":{"amount":"-1.00","currency":"CNY"}}""")]
    [InlineData("budget.min", """{"min":{"amount":1,"currency":"CNY"}}""")]
    [InlineData("budget.max", """{"max":{"amount":"1.00","currency":"USD"}}""")]
    [InlineData("budget.cap", """{"cap":"1.00"}""")]
    [InlineData("deadline", "\"2001-01-01\"")]
    [InlineData("deadline", "\"tomorrow\"")]
    [InlineData("title", "5")]
    [InlineData("wish", "\"unknown field\"")]
    [InlineData("problem", "\"a\\u0000b\"")]
    public async Task A_bad_field_is_named(string field, string? json)
    {
        var top = field.Split('.', '[')[0];
        var body = json is null ? NeedBodies.Full().Without(top) : NeedBodies.Full().With(top, JsonNode.Parse(json));
        var reply = (await fixture.Service.As(seeker).PostAsync("/api/needs", body)).Expect(400);
        Assert.Equal("invalid-request", reply.Problem);
        Assert.True(reply["errors"]!.AsObject().ContainsKey(field), reply.Text);
        Assert.Empty(await fixture.Service.RowsAsync<Guid>("select id from need where organisation_id = @OrganisationId", new { seeker.OrganisationId }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task What_is_no_request_is_refused(string json) =>
        Assert.Equal("invalid-request", (await fixture.Service.As(seeker).PostTextAsync("/api/needs", json)).Expect(400).Problem);

    [Theory]
    [InlineData("indicators")]
    [InlineData("budget")]
    [InlineData("deadline")]
    public async Task What_may_be_missing_may_be_missing(string field)
    {
        var posted = (await fixture.Service.As(seeker).PostAsync("/api/needs", NeedBodies.Full().Without(field))).Expect(201);
        if (field == "indicators") Assert.False((bool)posted["measurable"]!);
        else Assert.Null(posted[field]);
    }

    [Fact]
    public async Task Only_a_verified_seeker_posts()
    {
        (await fixture.Service.As(null).PostAsync("/api/needs", NeedBodies.Full())).Expect(401);
        Assert.Equal("not-allowed", (await fixture.Service.As(TestPerson.Provider()).PostAsync("/api/needs", NeedBodies.Full())).Expect(403).Problem);
        Assert.Equal("organisation-not-verified",
            (await fixture.Service.As(seeker.Unverified()).PostAsync("/api/needs", NeedBodies.Full())).Expect(403).Problem);
    }

    [Fact]
    public async Task The_same_key_posts_once()
    {
        var client = fixture.Service.As(seeker);
        var key = Guid.NewGuid().ToString();
        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.PostAsync("/api/needs", NeedBodies.Full(), key)));
        Assert.Single(replies.Select(reply => reply.Expect(201).Id).Distinct());
        Assert.Equal(1, (await fixture.Service.RowsAsync<long>(
            "select count(*) from need where organisation_id = @OrganisationId", new { seeker.OrganisationId })).Single());
        (await client.PostAsync("/api/needs", NeedBodies.Full("别的"), key)).Expect(422);
    }

    [Fact]
    public async Task An_unknown_need_is_not_found() =>
        (await fixture.Service.As(seeker).GetAsync($"/api/needs/{Guid.NewGuid()}")).Expect(404);
}

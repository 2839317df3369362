using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Matching.Tests.Needs;

public sealed class CloseNeedTests(MatchingFixture fixture)
{
    readonly TestPerson seeker = TestPerson.Seeker();

    [Fact]
    public async Task Its_owner_closes_a_need_once()
    {
        var id = await fixture.Service.PostNeedAsync(seeker);
        var client = fixture.Service.As(seeker.Colleague());
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsync($"/api/needs/{id}/closure", new { reason = "met" })));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal("need-closed", reply.Expect(409).Problem));
        var read = (await client.GetAsync($"/api/needs/{id}")).Expect(200);
        Assert.Equal(("closed", "met"), ((string?)read["status"], (string?)read["closeReason"]));
        var announced = Assert.Single(await fixture.Service.PublishedAsync<NeedClosed>(), e => e.NeedId == id);
        Assert.Equal((2, "met"), (announced.Version, announced.Reason));
        Assert.Empty((await client.GetAsync($"/api/needs?organisationId={seeker.OrganisationId}")).Expect(200)["items"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_else_closes_it()
    {
        var id = await fixture.Service.PostNeedAsync(seeker);
        Assert.Equal("not-your-need",
            (await fixture.Service.As(TestPerson.Seeker()).PostAsync($"/api/needs/{id}/closure", new { reason = "met" })).Expect(403).Problem);
        (await fixture.Service.As(TestPerson.Provider()).PostAsync($"/api/needs/{id}/closure", new { reason = "met" })).Expect(403);
        (await fixture.Service.As(null).PostAsync($"/api/needs/{id}/closure", new { reason = "met" })).Expect(401);
        (await fixture.Service.As(seeker).PostAsync($"/api/needs/{Guid.NewGuid()}/closure", new { reason = "met" })).Expect(404);
        Assert.Equal("open", (string?)(await fixture.Service.As(seeker).GetAsync($"/api/needs/{id}"))["status"]);
    }

    [Theory]
    [InlineData("{}", "reason")]
    [InlineData("""{"reason":"expired"}""", "reason")]
    [InlineData("""{"reason":7}""", "reason")]
    [InlineData("""{"reason":"met","note":"x"}""", "note")]
    public async Task A_bad_field_is_named(string json, string field)
    {
        var id = await fixture.Service.PostNeedAsync(seeker);
        Assert.NotNull((await fixture.Service.As(seeker).PostTextAsync($"/api/needs/{id}/closure", json)).Expect(400)["errors"]![field]);
    }
}

using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Matching.Tests.Needs;

public sealed class ListNeedsTests(MatchingFixture fixture)
{
    [Fact]
    public async Task Pages_follow_each_other_from_the_newest_to_the_oldest()
    {
        var seeker = TestPerson.Seeker();
        var posted = new List<Guid>();
        for (var i = 0; i < 5; i++) posted.Add(await fixture.Service.PostNeedAsync(seeker));
        var read = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await fixture.Service.As(null).GetAsync(
                $"/api/needs?organisationId={seeker.OrganisationId}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200);
            read.AddRange(page["items"]!.AsArray().Select(item => Guid.Parse((string)item!["id"]!)));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(posted.AsEnumerable().Reverse(), read);
    }

    [Theory]
    [InlineData("techField=new_materials", true)]
    [InlineData("techField=aerospace", false)]
    [InlineData("regionCode=340000", true)]
    [InlineData("regionCode=341600", true)]
    [InlineData("regionCode=510000", false)]
    [InlineData("industryCode=C", true)]
    [InlineData("industryCode=C27", false)]
    [InlineData("cooperationMode=talent", true)]
    [InlineData("cooperationMode=assignment", false)]
    [InlineData("status=closed", false)]
    [InlineData("q=纳滤", true)]
    [InlineData("q=没有 纳滤", true)]
    [InlineData("q=膜%25", false)]
    [InlineData("q=没有", false)]
    public async Task A_filter_lets_only_what_has_the_property(string filter, bool listed)
    {
        var seeker = TestPerson.Seeker();
        var id = await fixture.Service.PostNeedAsync(seeker, NeedBodies.Full("抗污染纳滤膜").With("techField", "new_materials")
            .With("cooperationModes", new System.Text.Json.Nodes.JsonArray("talent")));
        var page = (await fixture.Service.As(null).GetAsync($"/api/needs?organisationId={seeker.OrganisationId}&{filter}")).Expect(200);
        Assert.Equal(listed, page["items"]!.AsArray().Any(item => (string)item!["id"]! == id.ToString()));
    }

    [Fact]
    public async Task Words_of_the_problem_find_a_need_for_members_only()
    {
        var seeker = TestPerson.Seeker();
        await fixture.Service.PostNeedAsync(seeker);
        var query = $"/api/needs?organisationId={seeker.OrganisationId}&q=内短路";
        Assert.Single((await fixture.Service.As(TestPerson.Provider()).GetAsync(query)).Expect(200)["items"]!.AsArray());
        Assert.Empty((await fixture.Service.As(null).GetAsync(query)).Expect(200)["items"]!.AsArray());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("cursor=zzz", "cursor")]
    [InlineData("techField=x", "techField")]
    [InlineData("regionCode=x", "regionCode")]
    [InlineData("industryCode=x", "industryCode")]
    [InlineData("cooperationMode=x", "cooperationMode")]
    [InlineData("status=x", "status")]
    public async Task A_bad_filter_is_named(string query, string field) =>
        Assert.NotNull((await fixture.Service.As(null).GetAsync($"/api/needs?{query}")).Expect(400)["errors"]![field]);
}

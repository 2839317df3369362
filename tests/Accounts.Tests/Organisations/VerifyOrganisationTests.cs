using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.Organisations;

public sealed class VerifyOrganisationTests(AccountsFixture fixture)
{
    [Theory]
    [InlineData("university", "provider")]
    [InlineData("institute", "provider")]
    [InlineData("hospital", "provider")]
    [InlineData("enterprise", "provider", "seeker")]
    [InlineData("broker", "broker")]
    [InlineData("service_agency", "broker")]
    [InlineData("financial_institution", "financier")]
    [InlineData("association", "officer")]
    [InlineData("registry", "registrar")]
    [InlineData("bureau", "bureau")]
    public async Task The_kind_gives_the_first_person_its_roles(string kind, params string[] roles)
    {
        var admin = await fixture.Market.AdminAsync(kind);
        Assert.Equal(roles.Append("admin").Order(), admin.Roles);
        Assert.Equal((true, kind), (admin.Organisation.Verified, admin.Organisation.Kind));
        Assert.Equal(kind is "bureau" or "registry" ? ["510100"] : [], admin.Organisation.Jurisdiction);
    }

    [Fact]
    public async Task Only_an_operator_verifies()
    {
        var applicant = await fixture.Market.ApplyAsync();
        var path = $"/api/organisations/{applicant.OrganisationId}/verification";
        var admin = await fixture.Market.SignInAsync(applicant.Email);
        (await fixture.Market.Nobody.PostAsync(path, new { decision = "verified" })).Expect(401);
        Assert.Equal("not-allowed", (await admin.Client.PostAsync(path, new { decision = "verified" })).Expect(403).Problem);
        (await fixture.Service.As(TestPerson.Bureau()).PostAsync(path, new { decision = "verified" })).Expect(403);
        Assert.Equal("pending", (string?)(await admin.Client.GetAsync("/api/me"))["organisation"]!["status"]);
        (await fixture.Market.Operator.PostAsync($"/api/organisations/{Guid.NewGuid()}/verification", new { decision = "verified" })).Expect(404);
    }

    [Fact]
    public async Task A_rejection_needs_a_reason_and_can_be_revised()
    {
        var applicant = await fixture.Market.ApplyAsync();
        var path = $"/api/organisations/{applicant.OrganisationId}/verification";
        var operators = fixture.Market.Operator;
        Assert.NotNull((await operators.PostAsync(path, new { decision = "rejected" })).Expect(400)["errors"]!["reason"]);
        Assert.NotNull((await operators.PostAsync(path, new { decision = "maybe" })).Expect(400)["errors"]!["decision"]);
        Assert.Equal("rejected", (string?)(await operators.PostAsync(path, new { decision = "rejected", reason = "证件不清" })).Expect(200)["status"]);
        Assert.Equal(["admin"], (await fixture.Market.SignInAsync(applicant.Email)).Roles);
        (await fixture.Market.Nobody.GetAsync($"/api/organisations/{applicant.OrganisationId}")).Expect(404);

        (await operators.PostAsync(path, new { decision = "verified" })).Expect(200);
        var again = (await operators.PostAsync(path, new { decision = "rejected", reason = "too late" })).Expect(409);
        Assert.Equal(("wrong-state", "verified"), (again.Problem, (string?)again["facts"]!["status"]));
        var announced = (await fixture.Service.PublishedAsync<OrganisationChanged>()).Where(e => e.OrganisationId == applicant.OrganisationId);
        Assert.Equal([(1, "pending"), (2, "rejected"), (3, "verified")], announced.Select(e => ((int)e.Version, e.Status)));
    }

    [Fact]
    public async Task An_operator_sets_the_jurisdiction_of_bureaus_and_registries_alone()
    {
        var bureau = await fixture.Market.AdmitAsync("bureau");
        var path = $"/api/organisations/{bureau.OrganisationId}/jurisdiction";
        var set = (await fixture.Market.Operator.PostAsync(path, new { regionCodes = new[] { "510000", "341623", "510000" } })).Expect(200);
        Assert.Equal(["510000", "341623"], set["jurisdiction"]!.AsArray().Select(code => (string?)code));
        Assert.Equal(["510000", "341623"], (await fixture.Market.SignInAsync(bureau.Email)).Organisation.Jurisdiction);
        Assert.Equal(["510000", "341623"],
            (await fixture.Service.PublishedAsync<OrganisationChanged>()).Last(e => e.OrganisationId == bureau.OrganisationId).Jurisdiction);

        Assert.NotNull((await fixture.Market.Operator.PostAsync(path, new { regionCodes = new[] { "510000", "x" } })).Expect(400)["errors"]!["regionCodes[1]"]);
        Assert.NotNull((await fixture.Market.Operator.PostAsync(path, new { })).Expect(400)["errors"]!["regionCodes"]);
        (await fixture.Service.As(TestPerson.Bureau()).PostAsync(path, new { regionCodes = new[] { "510000" } })).Expect(403);
        var university = await fixture.Market.AdmitAsync();
        var reply = await fixture.Market.Operator.PostAsync(
            $"/api/organisations/{university.OrganisationId}/jurisdiction", new { regionCodes = new[] { "510000" } });
        Assert.Equal("no-jurisdiction", reply.Expect(409).Problem);
    }

    [Fact]
    public async Task The_list_shows_verified_ones_page_by_page_and_operators_the_others_too()
    {
        var verified = new List<Guid>();
        for (var i = 0; i < 3; i++) verified.Add((await fixture.Market.AdmitAsync("hospital")).OrganisationId);
        var pending = (await fixture.Market.ApplyAsync("hospital")).OrganisationId;

        var seen = await AllAsync(fixture.Market.Nobody, "/api/organisations?kind=hospital&limit=2");
        Assert.Equal(verified.AsEnumerable().Reverse(), seen.Where(verified.Contains));
        Assert.DoesNotContain(pending, seen);
        Assert.Contains(pending, await AllAsync(fixture.Market.Operator, "/api/organisations?kind=hospital&status=pending&limit=2"));
        Assert.NotNull((await fixture.Market.Nobody.GetAsync("/api/organisations?kind=club")).Expect(400)["errors"]!["kind"]);
        Assert.NotNull((await fixture.Market.Nobody.GetAsync("/api/organisations?cursor=x")).Expect(400)["errors"]!["cursor"]);
        Assert.NotNull((await fixture.Market.Nobody.GetAsync("/api/organisations?limit=101")).Expect(400)["errors"]!["limit"]);
    }

    static async Task<List<Guid>> AllAsync(Client client, string path)
    {
        var seen = new List<Guid>();
        var cursor = "";
        while (cursor is not null)
        {
            var page = (await client.GetAsync($"{path}&cursor={cursor}")).Expect(200);
            Assert.InRange(page["items"]!.AsArray().Count, 0, 2);
            seen.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(seen.Distinct(), seen);
        return seen;
    }
}

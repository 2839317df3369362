using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.Organisations;

public sealed class SuspendOrganisationTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task A_suspension_ends_the_sessions_of_all_its_people_and_takes_the_rights_of_new_ones()
    {
        var applicant = await market.AdmitAsync("enterprise");
        var admin = await market.SignInAsync(applicant.Email);
        var (_, email) = await Market.AddAsync(admin, "seeker");
        var colleague = await market.SignInAsync(email);
        var stranger = await market.AdminAsync("enterprise");

        var path = $"/api/organisations/{applicant.OrganisationId}";
        Assert.Equal("suspended", (string?)(await market.Operator.PostAsync($"{path}/suspension", new { reason = "举报核查" })).Expect(200)["status"]);
        foreach (var person in new[] { admin, colleague })
        {
            (await person.Client.GetAsync("/api/me")).Expect(401);
            (await market.RefreshAsync(person.RefreshToken)).Expect(401);
        }

        (await stranger.Client.GetAsync("/api/me")).Expect(200);
        var revoked = (await fixture.Service.PublishedAsync<SessionRevoked>()).Select(e => e.SessionId).ToList();
        Assert.Contains(admin.SessionId, revoked);
        Assert.Contains(colleague.SessionId, revoked);
        Assert.DoesNotContain(stranger.SessionId, revoked);
        (await market.Nobody.GetAsync(path)).Expect(404);

        // It can look, as one that is not verified yet, and nothing more.
        var after = await market.SignInAsync(applicant.Email);
        Assert.False(after.Organisation.Verified);
        Assert.Equal("suspended", (string?)(await after.Client.GetAsync("/api/me")).Expect(200)["organisation"]!["status"]);
        Assert.Equal("organisation-not-verified", (await after.Client.GetAsync("/api/users")).Expect(403).Problem);
    }

    [Fact]
    public async Task A_reinstatement_gives_the_rights_back_and_both_are_announced()
    {
        var applicant = await market.AdmitAsync();
        var path = $"/api/organisations/{applicant.OrganisationId}";
        (await market.Operator.PostAsync($"{path}/suspension", new { reason = "举报核查" })).Expect(200);
        (await market.Operator.PostAsync($"{path}/reinstatement", new { reason = "查无此事" })).Expect(200);
        var admin = await market.SignInAsync(applicant.Email);
        Assert.True(admin.Organisation.Verified);
        (await admin.Client.GetAsync("/api/users")).Expect(200);
        var announced = (await fixture.Service.PublishedAsync<OrganisationChanged>()).Where(e => e.OrganisationId == applicant.OrganisationId);
        Assert.Equal([(2, "verified"), (3, "suspended"), (4, "verified")], announced.Skip(1).Select(e => ((int)e.Version, e.Status)));
    }

    [Fact]
    public async Task Only_an_operator_suspends_with_a_reason_what_is_verified()
    {
        var pending = $"/api/organisations/{(await market.ApplyAsync()).OrganisationId}";
        var admin = await market.AdminAsync();
        var verified = $"/api/organisations/{admin.OrganisationId}";
        (await admin.Client.PostAsync($"{verified}/suspension", new { reason = "x" })).Expect(403);
        (await admin.Client.PostAsync($"{verified}/reinstatement", new { reason = "x" })).Expect(403);
        Assert.NotNull((await market.Operator.PostAsync($"{verified}/suspension", new { })).Expect(400)["errors"]!["reason"]);
        Assert.Equal("wrong-state", (await market.Operator.PostAsync($"{pending}/suspension", new { reason = "x" })).Expect(409).Problem);
        Assert.Equal("wrong-state", (await market.Operator.PostAsync($"{verified}/reinstatement", new { reason = "x" })).Expect(409).Problem);
        (await market.Operator.PostAsync($"/api/organisations/{Guid.NewGuid()}/suspension", new { reason = "x" })).Expect(404);
        (await admin.Client.GetAsync("/api/me")).Expect(200);
    }
}

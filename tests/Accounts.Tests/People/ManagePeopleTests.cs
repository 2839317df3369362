using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.People;

public sealed class ManagePeopleTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task The_list_shows_the_organisations_own_people_page_by_page()
    {
        var admin = await market.AdminAsync();
        var expected = new List<Guid> { admin.PersonId };
        for (var i = 0; i < 3; i++) expected.Add((await Market.AddAsync(admin, "provider")).Id);
        await Market.AddAsync(await market.AdminAsync(), "provider");

        var seen = new List<Guid>();
        var cursor = "";
        while (cursor is not null)
        {
            var page = (await admin.Client.GetAsync($"/api/users?limit=2&cursor={cursor}")).Expect(200);
            seen.AddRange(page["items"]!.AsArray().Select(person => (Guid)person!["id"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(expected, seen);
        Assert.DoesNotContain("password", (await admin.Client.GetAsync("/api/users")).Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Whether_a_unit_has_a_reviewer_is_told_whenever_it_may_have_changed()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var (reviewer, _) = await Market.AddAsync(admin, "reviewer");
        await Market.AddAsync(admin, "provider");
        (await admin.Client.PostAsync($"/api/users/{reviewer}/suspension", new { reason = "休假" })).Expect(200);
        (await admin.Client.PostAsync($"/api/users/{reviewer}/reinstatement", new { reason = "返岗" })).Expect(200);
        (await admin.Client.PostAsync($"/api/users/{reviewer}/roles", new { roles = new[] { "expert" } })).Expect(200);
        var told = (await market.Service.PublishedAsync<OrganisationChanged>()).Where(e => e.OrganisationId == applicant.OrganisationId).ToList();
        Assert.Equal([false, false, true, false, true, false], told.Select(e => e.HasReviewer));
        Assert.Equal([1L, 2L, 3L, 4L, 5L, 6L], told.Select(e => e.Version));
    }

    [Fact]
    public async Task People_of_another_organisation_are_not_there()
    {
        var (theirs, email) = await Market.AddAsync(await market.AdminAsync(), "provider");
        var them = await market.SignInAsync(email);
        var admin = await market.AdminAsync();
        foreach (var id in new[] { theirs, Guid.NewGuid() })
        {
            (await admin.Client.PostAsync($"/api/users/{id}/roles", new { roles = new[] { "expert" } })).Expect(404);
            (await admin.Client.PostAsync($"/api/users/{id}/suspension", new { reason = "x" })).Expect(404);
            (await admin.Client.PostAsync($"/api/users/{id}/reinstatement", new { reason = "x" })).Expect(404);
            (await admin.Client.PostAsync($"/api/users/{id}/administration", null)).Expect(404);
        }

        (await them.Client.GetAsync("/api/me")).Expect(200);
        Assert.Equal(["provider"], (await market.SignInAsync(email)).Roles);
    }

    [Fact]
    public async Task Roles_hold_for_the_next_token()
    {
        var admin = await market.AdminAsync();
        var (id, email) = await Market.AddAsync(admin, "provider");
        var before = await market.SignInAsync(email);
        var set = (await admin.Client.PostAsync($"/api/users/{id}/roles", new { roles = new[] { "expert", "reviewer", "expert" } })).Expect(200);
        Assert.Equal(["expert", "reviewer"], set["roles"]!.AsArray().Select(role => (string?)role));
        Assert.Equal(["expert", "reviewer"], market.Holding((await market.RefreshAsync(before.RefreshToken)).Expect(200)).Roles);
    }

    [Fact]
    public async Task A_suspended_person_is_out_at_once_and_back_when_reinstated()
    {
        var admin = await market.AdminAsync();
        var (id, email) = await Market.AddAsync(admin, "provider");
        var colleague = await market.SignInAsync(email);
        var key = (string)(await colleague.Client.PostAsync("/api/api-keys", new { name = "feed", roles = new[] { "provider" } })).Expect(201)["apiKey"]!;
        (await admin.Client.PostAsync($"/api/users/{id}/suspension", new { })).Expect(400);
        Assert.Equal("suspended", (string?)(await admin.Client.PostAsync($"/api/users/{id}/suspension", new { reason = "离职" })).Expect(200)["status"]);

        (await colleague.Client.GetAsync("/api/me")).Expect(401);
        (await market.RefreshAsync(colleague.RefreshToken)).Expect(401);
        Assert.Equal("sign-in-failed", (await market.TrySignInAsync(email)).Expect(401).Problem);
        (await market.Nobody.PostAsync("/api/tokens/api-key", new { apiKey = key })).Expect(401);
        Assert.Single(await fixture.Service.PublishedAsync<SessionRevoked>(), e => e.SessionId == colleague.SessionId);
        Assert.Equal("wrong-state", (await admin.Client.PostAsync($"/api/users/{id}/suspension", new { reason = "离职" })).Expect(409).Problem);
        Assert.Equal("wrong-state", (await admin.Client.PostAsync($"/api/users/{id}/administration", null)).Expect(409).Problem);

        (await admin.Client.PostAsync($"/api/users/{id}/reinstatement", new { reason = "返岗" })).Expect(200);
        Assert.Equal(["provider"], (await market.SignInAsync(email)).Roles);
        (await colleague.Client.GetAsync("/api/me")).Expect(401);
        (await admin.Client.PostAsync($"/api/users/{id}/reinstatement", new { reason = "返岗" })).Expect(409);
    }

    [Fact]
    public async Task The_administrator_is_not_suspended_by_itself_but_by_an_operator()
    {
        var admin = await market.AdminAsync();
        var path = $"/api/users/{admin.PersonId}/suspension";
        Assert.Equal("person-is-admin", (await admin.Client.PostAsync(path, new { reason = "x" })).Expect(409).Problem);
        (await market.Operator.PostAsync(path, new { reason = "冒名" })).Expect(200);
        (await admin.Client.GetAsync("/api/me")).Expect(401);
    }

    [Fact]
    public async Task The_administration_is_handed_over_to_a_colleague()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var (id, email) = await Market.AddAsync(admin, "reviewer");
        Assert.True((bool)(await admin.Client.PostAsync($"/api/users/{id}/administration", null)).Expect(200)["isAdmin"]!);
        Assert.Equal(["admin", "reviewer"], (await market.SignInAsync(email)).Roles);
        var former = await market.SignInAsync(applicant.Email);
        Assert.Equal(["provider"], former.Roles);
        (await former.Client.PostAsync("/api/users", new { })).Expect(403);
        Assert.Equal([id], await AdministratorsAsync(applicant.OrganisationId));
    }

    [Fact]
    public async Task Whoever_handed_the_administration_over_does_not_take_it_back_with_an_old_token()
    {
        var admin = await market.AdminAsync();
        var (id, _) = await Market.AddAsync(admin, "reviewer");
        (await admin.Client.PostAsync($"/api/users/{id}/administration", null)).Expect(200);
        (await admin.Client.PostAsync($"/api/users/{admin.PersonId}/administration", null)).Expect(401);
        Assert.Equal([id], await AdministratorsAsync(admin.OrganisationId));
    }

    [Fact]
    public async Task Administrations_handed_over_at_once_leave_one_administrator()
    {
        var admin = await market.AdminAsync();
        var colleagues = new List<Guid>();
        for (var i = 0; i < 4; i++) colleagues.Add((await Market.AddAsync(admin, "provider")).Id);
        var replies = await Task.WhenAll(colleagues.Select(id => market.Operator.PostAsync($"/api/users/{id}/administration", null)));
        Assert.All(replies, reply => reply.Expect(200));
        Assert.Contains(Assert.Single(await AdministratorsAsync(admin.OrganisationId)), colleagues);
    }

    Task<IReadOnlyList<Guid>> AdministratorsAsync(Guid organisation) =>
        fixture.Service.RowsAsync<Guid>("select id from person where organisation_id = @organisation and is_admin", new { organisation });
}

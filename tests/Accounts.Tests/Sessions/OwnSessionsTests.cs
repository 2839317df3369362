using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.Sessions;

public sealed class OwnSessionsTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task Signing_out_ends_the_session_and_tells_every_service()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var elsewhere = await market.SignInAsync(applicant.Email);
        (await admin.Client.SendAsync(HttpMethod.Delete, "/api/tokens", null)).Expect(204);
        (await admin.Client.GetAsync("/api/me")).Expect(401);
        (await market.RefreshAsync(admin.RefreshToken)).Expect(401);
        (await elsewhere.Client.GetAsync("/api/me")).Expect(200);

        var revoked = Assert.Single(await fixture.Service.PublishedAsync<SessionRevoked>(), e => e.PersonId == admin.PersonId);
        Assert.Equal(admin.SessionId, revoked.SessionId);
        Assert.InRange(revoked.TokensExpireAt - revoked.RevokedAt, admin.Lifetime, admin.Lifetime + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_session_that_has_ended_stays_ended_after_a_restart()
    {
        await using var own = await Market.StartAsync();
        var admin = await own.SignInAsync((await own.ApplyAsync()).Email);
        (await admin.Client.SendAsync(HttpMethod.Delete, "/api/tokens", null)).Expect(204);
        await Eventually.Async(() => own.Service.RowsAsync<Guid>("select session_id from revoked_session"), rows => rows.Contains(admin.SessionId));
        await own.Service.RestartAsync();
        await Eventually.Async(() => own.With(admin.AccessToken).GetAsync("/api/me"), reply => reply.Status == 401);
    }

    [Fact]
    public async Task One_sees_where_one_is_signed_in_and_ends_it_from_elsewhere()
    {
        var applicant = await market.AdmitAsync();
        var lost = await market.SignInAsync(applicant.Email);
        var phone = market.Service.As(null);
        phone.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/7");
        var here = market.Holding((await phone.PostAsync("/api/tokens", new { email = applicant.Email, password = Market.Password })).Expect(200));

        var sessions = (await here.Client.GetAsync("/api/sessions")).Expect(200)["items"]!.AsArray();
        Assert.Equal([here.SessionId, lost.SessionId], sessions.Select(session => (Guid)session!["id"]!));
        Assert.Equal([true, false], sessions.Select(session => (bool)session!["isCurrent"]!));
        Assert.Equal(["Phone/7", ""], sessions.Select(session => (string?)session!["device"]));

        (await here.Client.SendAsync(HttpMethod.Delete, $"/api/sessions/{lost.SessionId}", null)).Expect(204);
        (await lost.Client.GetAsync("/api/me")).Expect(401);
        Assert.Equal(here.SessionId, (Guid)Assert.Single((await here.Client.GetAsync("/api/sessions"))["items"]!.AsArray())!["id"]!);
    }

    [Fact]
    public async Task Nobody_elses_session_can_be_seen_or_ended()
    {
        var mine = await market.AdminAsync();
        var theirs = await market.AdminAsync();
        (await mine.Client.SendAsync(HttpMethod.Delete, $"/api/sessions/{theirs.SessionId}", null)).Expect(404);
        (await theirs.Client.GetAsync("/api/me")).Expect(200);
        Assert.DoesNotContain((await mine.Client.GetAsync("/api/sessions"))["items"]!.AsArray(), session => (Guid)session!["id"]! == theirs.SessionId);
        (await market.Nobody.GetAsync("/api/sessions")).Expect(401);
    }
}

using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

/// <summary>How the portal's cookie outlives its access token. Each test moves the clock of a gateway of its own.</summary>
public sealed class PortalRefreshTests(PlatformFixture fixture)
{
    /// <summary>An access token lives for thirty minutes and is renewed two before its end.</summary>
    static readonly TimeSpan NearTheEnd = TimeSpan.FromMinutes(28.5);

    [Fact]
    public async Task A_token_near_its_end_is_renewed_and_not_before()
    {
        await using var gateway = await fixture.StartGatewayAsync();
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        gateway.Clock.Advance(TimeSpan.FromMinutes(27));
        Assert.False((await browser.Client.GetAsync("/api/me")).Expect(200).Headers.Contains("Set-Cookie"));

        gateway.Clock.Advance(TimeSpan.FromMinutes(1.5));
        var before = browser.Cookie!.Value;
        var renewed = (await browser.Client.GetAsync("/api/me")).Expect(200);
        Assert.Contains("httponly", Assert.Single(renewed.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(before, browser.Cookie!.Value);
        Assert.False((await browser.Client.GetAsync("/api/me")).Expect(200).Headers.Contains("Set-Cookie"));

        // The page need not learn a new CSRF token.
        browser.SendCsrfToken();
        (await browser.Client.PostAsync("/api/me/name", new { name = "丁" })).Expect(204);
    }

    [Fact]
    public async Task Requests_that_come_together_share_one_renewal()
    {
        await using var gateway = await fixture.StartGatewayAsync();
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        var old = browser.Cookie!.Value;
        gateway.Clock.Advance(NearTheEnd);
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => browser.Client.GetAsync("/api/me")));
        Assert.All(replies, reply => reply.Expect(200));

        // One that was sent with the old cookie and arrives late is not taken for a thief.
        browser.Replace(old);
        (await browser.Client.GetAsync("/api/me")).Expect(200);
        gateway.Clock.Advance(NearTheEnd);
        Assert.True((await browser.Client.GetAsync("/api/me")).Expect(200).Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_session_that_ended_elsewhere_is_over_at_the_next_renewal()
    {
        await using var gateway = await fixture.StartGatewayAsync();
        var email = await fixture.NewPersonAsync();
        var browser = await Browser.SignInAsync(gateway, email);
        var elsewhere = fixture.Gateway.With(await fixture.TokenAsync(email));
        var sessions = (await elsewhere.GetAsync("/api/sessions")).Expect(200)["items"]!.AsArray();
        var portal = Assert.Single(sessions, session => !(bool)session!["isCurrent"]!)!;
        (await elsewhere.SendAsync(HttpMethod.Delete, $"/api/sessions/{(Guid)portal["id"]!}", null)).Expect(204);
        (await browser.Client.GetAsync("/api/me")).Expect(401);

        gateway.Clock.Advance(NearTheEnd);
        Assert.False(await browser.IsSignedInAsync());
        Assert.Null(browser.Cookie);
        (await browser.Client.GetAsync("/api/organisations")).Expect(200);
    }

    [Fact]
    public async Task A_session_survives_that_accounts_is_away_when_its_token_is_to_be_renewed()
    {
        await using var gateway = await fixture.StartGatewayAsync();
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        gateway.Clock.Advance(NearTheEnd);
        gateway.Move("accounts", fixture.Nowhere);
        (await browser.Client.GetAsync("/api/needs")).Expect(200);
        Assert.True(await browser.IsSignedInAsync());

        gateway.Move("accounts", fixture.Accounts.Address.ToString());
        Assert.True((await browser.Client.GetAsync("/api/me")).Expect(200).Headers.Contains("Set-Cookie"));
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_cookie_is_good_at_every_gateway_that_shares_the_keys_and_after_a_restart()
    {
        var browser = await Browser.SignInAsync(fixture.Gateway, await fixture.NewPersonAsync());
        await using var second = await fixture.StartGatewayAsync();
        var there = new Browser(second);
        there.Replace(browser.Cookie!.Value);
        (await there.Client.GetAsync("/api/me")).Expect(200);

        var files = Directory.CreateTempSubdirectory("techmarket-gateway-").FullName;
        await using (var stranger = await fixture.StartGatewayAsync(new Dictionary<string, string?> { ["Files"] = files }))
        {
            var elsewhere = new Browser(stranger);
            elsewhere.Replace(browser.Cookie!.Value);
            Assert.False(await elsewhere.IsSignedInAsync());
        }

        Directory.Delete(files, recursive: true);
    }

    [Fact]
    public async Task An_old_cookie_whose_token_is_worth_nothing_does_not_keep_anybody_from_signing_in_anew()
    {
        await using var accounts = await ServiceUnderTest.StartAsync(TechMarket.Accounts.Program.Service, new Dictionary<string, string?>
        {
            ["Operator:Email"] = "other@example.org",
            ["Operator:Password"] = PlatformFixture.Password,
        });
        await using var gateway = await fixture.StartGatewayAsync(new Dictionary<string, string?> { ["Services:accounts"] = accounts.Address.ToString() });
        var browser = new Browser(gateway);
        browser.Replace((await Browser.SignInAsync(fixture.Gateway, await fixture.NewPersonAsync())).Cookie!.Value);
        (await browser.Client.GetAsync("/api/me")).Expect(401);
        (await browser.SignInAsync("other@example.org")).Expect(200);
        Assert.Equal("other@example.org", (string?)(await browser.Client.GetAsync("/api/me")).Expect(200)["person"]!["email"]);
    }
}

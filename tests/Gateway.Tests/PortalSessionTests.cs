using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

/// <summary>Signing in, the CSRF token and signing out with the portal's cookie.</summary>
public sealed class PortalSessionTests(PlatformFixture fixture)
{
    readonly GatewayUnderTest gateway = fixture.Gateway;

    [Fact]
    public async Task Signing_in_gives_a_cookie_that_no_script_can_read_and_no_token()
    {
        var browser = new Browser(gateway);
        var reply = (await browser.SignInAsync(await fixture.NewPersonAsync())).Expect(200);
        Assert.Equal(["csrfToken"], reply.Json!.AsObject().Select(field => field.Key));
        var cookie = Assert.Single(reply.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("techmarket-session=", cookie, StringComparison.Ordinal);
        foreach (var attribute in new[] { "httponly", "samesite=strict", "path=/", "max-age=2592000" })
            Assert.Contains(attribute, cookie.Split("; ").Select(part => part.ToLowerInvariant()));
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        // A token begins with the encoded «{"alg"».
        Assert.DoesNotContain("eyJ", cookie, StringComparison.Ordinal);
        Assert.True(browser.Cookie!.HttpOnly);
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_the_cookie_is_for_TLS_alone()
    {
        await using var own = await fixture.StartGatewayAsync(new Dictionary<string, string?> { ["Proxies"] = "127.0.0.1" });
        var email = await fixture.NewPersonAsync();
        var body = new { email, password = PlatformFixture.Password };
        var reply = (await own.Client(("X-Forwarded-Proto", "https")).PostAsync("/session", body)).Expect(200);
        Assert.Contains("; secure", Assert.Single(reply.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_cookie_stands_for_the_person()
    {
        var email = await fixture.NewPersonAsync();
        var browser = await Browser.SignInAsync(gateway, email);
        Assert.Equal(email, (string?)(await browser.Client.GetAsync("/api/me")).Expect(200)["person"]!["email"]);
        var session = (await browser.Client.GetAsync("/session")).Expect(200);
        Assert.Equal((true, browser.CsrfToken), ((bool)session["signedIn"]!, (string?)session["csrfToken"]));
        var stranger = (await new Browser(gateway).Client.GetAsync("/session")).Expect(200);
        Assert.False((bool)stranger["signedIn"]!);
        Assert.Null(stranger["csrfToken"]);
    }

    [Fact]
    public async Task A_request_that_changes_something_must_repeat_the_CSRF_token()
    {
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        var other = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        Assert.Equal("csrf-token-missing", (await browser.Client.PostAsync("/api/me/name", new { name = "甲" })).Expect(403).Problem);
        foreach (var wrong in new[] { "x", browser.CsrfToken![..^1], other.CsrfToken! })
        {
            browser.SendCsrfToken(wrong);
            Assert.Equal("csrf-token-missing", (await browser.Client.PostAsync("/api/me/name", new { name = "甲" })).Expect(403).Problem);
            (await browser.Client.SendAsync(HttpMethod.Delete, "/session", null)).Expect(403);
        }

        browser.SendCsrfToken();
        (await browser.Client.PostAsync("/api/me/name", new { name = "乙" })).Expect(204);
        Assert.Equal("乙", (string?)(await browser.Client.GetAsync("/api/me"))["person"]!["name"]);
    }

    [Fact]
    public async Task A_request_with_a_token_of_its_own_is_left_alone()
    {
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        var other = await fixture.NewPersonAsync();
        browser.Client.Http.DefaultRequestHeaders.Authorization = new("Bearer", await fixture.TokenAsync(other));
        Assert.Equal(other, (string?)(await browser.Client.GetAsync("/api/me")).Expect(200)["person"]!["email"]);
        (await browser.Client.PostAsync("/api/me/name", new { name = "丙" })).Expect(204);
    }

    [Fact]
    public async Task A_sign_in_that_fails_is_answered_as_accounts_answers_and_leaves_no_cookie()
    {
        var browser = new Browser(gateway);
        var email = await fixture.NewPersonAsync();
        Assert.Equal("sign-in-failed", (await browser.SignInAsync(email, "a wrong one")).Expect(401).Problem);
        Assert.NotNull((await browser.Client.PostAsync("/session", new { email })).Expect(400)["errors"]!["password"]);
        (await browser.Client.PostTextAsync("/session", "{")).Expect(400);
        var english = await gateway.Client(("Accept-Language", "en")).PostAsync("/session", new { email, password = "a wrong one" });
        Assert.StartsWith("Wrong e-mail or password", (string?)english.Expect(401)["title"], StringComparison.Ordinal);
        Assert.Null(browser.Cookie);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_form_of_a_foreign_page_cannot_sign_anybody_in()
    {
        // A form can send JSON, but only as text/plain; a page of another site needs leave to send application/json.
        var email = await fixture.NewPersonAsync();
        var form = new StringContent($$"""{"email":"{{email}}","password":"{{PlatformFixture.Password}}"}""", null, "text/plain");
        var reply = (await gateway.Nobody.SendAsync(HttpMethod.Post, "/session", form)).Expect(415);
        Assert.Equal("unsupported-media-type", reply.Problem);
        Assert.False(reply.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Headers_that_make_no_sense_do_no_harm()
    {
        var body = new { email = await fixture.NewPersonAsync(), password = PlatformFixture.Password };
        (await gateway.Client(("Accept-Language", "zh_CN;;q=x, =")).PostAsync("/session", body)).Expect(200);
        (await gateway.Client(("User-Agent", "((")).PostAsync("/session", body)).Expect(200);
    }

    [Fact]
    public async Task Signing_out_drops_the_cookie_and_ends_the_session_everywhere()
    {
        var email = await fixture.NewPersonAsync();
        var browser = await Browser.SignInAsync(gateway, email);
        var kept = browser.Cookie!.Value;
        browser.SendCsrfToken();
        (await browser.Client.SendAsync(HttpMethod.Delete, "/session", null)).Expect(204);
        Assert.Null(browser.Cookie);
        Assert.False(await browser.IsSignedInAsync());
        Assert.NotEmpty(await fixture.Accounts.RowsAsync<Guid>(
            "select s.id from session s join person p on p.id = s.person_id where p.email = @email and s.ended_at is not null", new { email }));
        browser.Replace(kept);
        (await browser.Client.GetAsync("/api/me")).Expect(401);
        (await new Browser(gateway).Client.SendAsync(HttpMethod.Delete, "/session", null)).Expect(204);
    }

    [Fact]
    public async Task A_cookie_that_was_tampered_with_stands_for_nobody()
    {
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        var value = browser.Cookie!.Value;
        foreach (var wrong in new[] { "x", value[..^1], value[..20] + (value[20] == 'A' ? 'B' : 'A') + value[21..] })
        {
            browser.Replace(wrong);
            (await browser.Client.GetAsync("/api/me")).Expect(401);
            Assert.False(await browser.IsSignedInAsync());
            (await browser.Client.GetAsync("/api/organisations")).Expect(200);
        }
    }

    [Fact]
    public async Task Signing_in_as_somebody_else_needs_no_CSRF_token_and_replaces_the_cookie()
    {
        var browser = await Browser.SignInAsync(gateway, await fixture.NewPersonAsync());
        var other = await fixture.NewPersonAsync();
        (await browser.SignInAsync(other)).Expect(200);
        Assert.Equal(other, (string?)(await browser.Client.GetAsync("/api/me")).Expect(200)["person"]!["email"]);
    }

    [Fact]
    public async Task While_accounts_is_away_nobody_signs_in_and_is_told_to_try_again()
    {
        await using var own = await fixture.StartGatewayAsync(new Dictionary<string, string?> { ["Services:accounts"] = fixture.Nowhere });
        var reply = (await new Browser(own).SignInAsync("somebody@example.org")).Expect(503);
        Assert.Equal("unavailable", reply.Problem);
        Assert.NotNull(reply.Headers.RetryAfter);
    }
}

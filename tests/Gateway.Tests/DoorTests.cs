using System.Text.RegularExpressions;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

/// <summary>What stands at the door: headers, health and the landing page.</summary>
public sealed partial class DoorTests(PlatformFixture fixture)
{
    readonly GatewayUnderTest gateway = fixture.Gateway;

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/site.css", 200)]
    [InlineData("/session", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/api/organisations", 200)]
    [InlineData("/api/me", 401)]
    [InlineData("/nothing", 404)]
    [InlineData("/api/achievements", 503)]
    public async Task Every_answer_tells_browsers_to_be_careful(string path, int status)
    {
        var headers = (await gateway.Nobody.GetAsync(path)).Expect(status).Headers;
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Opener-Policy")));
        var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal), headers.CacheControl?.NoStore == true);
        Assert.False(headers.Contains("Server"));
        Assert.False(headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task With_TLS_in_front_browsers_are_told_to_stay_with_it()
    {
        await using var own = await fixture.StartGatewayAsync(new Dictionary<string, string?> { ["Proxies"] = "127.0.0.1" });
        var reply = (await own.Client(("X-Forwarded-Proto", "https")).GetAsync("/")).Expect(200);
        Assert.StartsWith("max-age=31536000", Assert.Single(reply.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
        Assert.False((await gateway.Client(("X-Forwarded-Proto", "https")).GetAsync("/")).Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task It_is_ready_when_every_service_is()
    {
        var reply = (await gateway.Nobody.GetAsync("/health/ready")).Expect(503);
        Assert.Equal("not_ready", (string?)reply["status"]);
        Assert.Equal(
            ["accounts ready", "auctions not_ready", "contracts not_ready", "listings not_ready", "matching ready"],
            reply["services"]!.AsObject().Select(service => $"{service.Key} {(string?)service.Value}").Order());
        (await gateway.Nobody.GetAsync("/health/live")).Expect(200);

        await using var whole = await StartWholeAsync();
        var ready = (await whole.Nobody.GetAsync("/health/ready")).Expect(200);
        Assert.Equal("ready", (string?)ready["status"]);
        whole.Move("accounts", fixture.Nowhere);
        Assert.Equal("not_ready", (string?)(await whole.Nobody.GetAsync("/health/ready")).Expect(503)["services"]!["accounts"]);
    }

    [Theory]
    [InlineData(null, "zh-CN", "检索成果")]
    [InlineData("zh-CN,en;q=0.5", "zh-CN", "检索成果")]
    [InlineData("fr", "zh-CN", "检索成果")]
    [InlineData("en-GB,zh;q=0.5", "en", "Search achievements")]
    public async Task The_landing_page_speaks_the_callers_language(string? language, string code, string words)
    {
        var client = language is null ? gateway.Nobody : gateway.Client(("Accept-Language", language));
        using var response = await client.Http.GetAsync("/");
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains($"<html lang=\"{code}\">", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task Every_link_of_the_landing_page_leads_somewhere(string language)
    {
        await using var whole = await StartWholeAsync();
        var page = (await whole.Client(("Accept-Language", language)).GetAsync("/")).Expect(200).Text;
        var links = Link().Matches(page).Select(link => link.Groups[1].Value).ToList();
        foreach (var expected in new[] { "/swagger/index.html", "/openapi/v1.json", "/site.css", "/api/achievements" }) Assert.Contains(expected, links);
        // Behind this gateway Matching stands in for services that are away and knows none of their paths.
        foreach (var link in links.Where(link => !link.StartsWith("/api/", StringComparison.Ordinal)))
            Assert.Equal(200, (await whole.Nobody.GetAsync(link)).Status);
        foreach (var link in links.Where(link => link.StartsWith("/api/", StringComparison.Ordinal)))
            Assert.Equal(503, (await gateway.Nobody.GetAsync(link)).Status);
    }

    [Fact]
    public async Task The_style_sheet_is_one_and_there_is_no_icon_to_fail_on()
    {
        using var style = await gateway.Nobody.Http.GetAsync("/site.css");
        Assert.Equal("text/css; charset=utf-8", style.Content.Headers.ContentType!.ToString());
        (await gateway.Nobody.GetAsync("/favicon.ico")).Expect(204);
    }

    /// <summary>A gateway for which somebody answers at every service.</summary>
    Task<GatewayUnderTest> StartWholeAsync() => fixture.StartGatewayAsync(new Dictionary<string, string?>
    {
        ["Services:listings"] = fixture.Matching.Address.ToString(),
        ["Services:auctions"] = fixture.Matching.Address.ToString(),
        ["Services:contracts"] = fixture.Matching.Address.ToString(),
    });

    [GeneratedRegex("""(?:href|action)="([^"]+)""")]
    private static partial Regex Link();
}

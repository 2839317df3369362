using System.Net;
using TechMarket.TestKit;

namespace TechMarket.Gateway.Tests;

/// <summary>A page of the portal in a browser: it keeps cookies and repeats the CSRF token when it is told to.</summary>
public sealed class Browser
{
    const string CookieName = "techmarket-session";
    readonly CookieContainer cookies = new();
    readonly Uri address;
    readonly HttpClient http;

    public Browser(GatewayUnderTest gateway)
    {
        address = gateway.Address;
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = address };
        Client = new Client(http);
    }

    public Client Client { get; }

    /// <summary>The session's cookie as it is kept now; null when there is none.</summary>
    public Cookie? Cookie => cookies.GetCookies(address)[CookieName];

    public string? CsrfToken { get; private set; }

    /// <summary>A browser whose user has signed in.</summary>
    public static async Task<Browser> SignInAsync(GatewayUnderTest gateway, string email)
    {
        var browser = new Browser(gateway);
        (await browser.SignInAsync(email)).Expect(200);
        return browser;
    }

    public async Task<Reply> SignInAsync(string email, string password = PlatformFixture.Password)
    {
        var reply = await Client.PostAsync("/session", new { email, password });
        CsrfToken = (string?)reply["csrfToken"];
        return reply;
    }

    /// <summary>Whether the gateway takes it for signed in.</summary>
    public async Task<bool> IsSignedInAsync() => (bool)(await Client.GetAsync("/session")).Expect(200)["signedIn"]!;

    /// <summary>Puts a cookie in place of the one that is kept.</summary>
    public void Replace(string value) => cookies.Add(address, new Cookie(CookieName, value));

    /// <summary>Sends the token with every request from now on, as the portal does.</summary>
    public void SendCsrfToken(string? token = null)
    {
        http.DefaultRequestHeaders.Remove("X-CSRF-Token");
        http.DefaultRequestHeaders.Add("X-CSRF-Token", token ?? CsrfToken);
    }
}

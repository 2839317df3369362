using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using TechMarket.ServiceKit;

namespace TechMarket.Gateway;

/// <summary>The portal's sign-in (docs/decisions/0010): the tokens stay in an encrypted HttpOnly cookie that only the gateway can read; a page
/// never sees them. Requests that change something must repeat the CSRF token of the session in a header.</summary>
static class PortalSessions
{
    public const string CsrfHeader = "X-CSRF-Token";
    const string CookieName = "techmarket-session";
    const int RetryAfterSeconds = 2;
    static readonly TimeSpan RefreshBefore = TimeSpan.FromMinutes(2);
    static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(30);

    /// <summary>403: the request does not carry the session's CSRF token.</summary>
    static readonly Refusal CsrfMissing = new("csrf-token-missing", "请求缺少有效的 CSRF 令牌。", "The request does not carry the CSRF token of the session.");

    sealed record Ticket(string AccessToken, string RefreshToken, DateTimeOffset ExpiresAt, string Csrf);

    sealed record Tokens(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);

    /// <summary>A refresh token works once, so that requests of one page that come together share one refresh.</summary>
    sealed class Refreshes
    {
        public ConcurrentDictionary<string, Lazy<Task<Ticket?>>> Running { get; } = new();
    }

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var protection = services.AddDataProtection().SetApplicationName("techmarket-gateway");
        if (configuration["Files"] is { Length: > 0 } files) protection.PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(files, "cookie-keys")));
        services.AddSingleton<Refreshes>();
    }

    public static void Map(WebApplication app)
    {
        app.MapPost("/session", SignInAsync);
        app.MapGet("/session", GetAsync);
        app.MapDelete("/session", SignOutAsync);
    }

    /// <summary>Turns the cookie into the token that services ask for.</summary>
    public static async Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        // Signing in anew asks nothing of an old session, not even that its token is still good.
        var isSignIn = request.Path == "/session" && HttpMethods.IsPost(request.Method);
        if (!isSignIn && request.Headers.Authorization.Count == 0 && Read(context) is { } ticket)
        {
            var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
            if (!isSafe && !IsSame(request.Headers[CsrfHeader].ToString(), ticket.Csrf))
            {
                await Answer.Forbidden(CsrfMissing).ExecuteAsync(context);
                return;
            }

            var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            var current = ticket.ExpiresAt - RefreshBefore < now ? await RefreshAsync(context, ticket) : ticket;
            if (current is null) context.Response.Cookies.Delete(CookieName);
            else if (current.ExpiresAt <= now)
            {
                await (new Answer(503, Problem.Of(503, Refusals.Unavailable)) { RetryAfterSeconds = RetryAfterSeconds }).ExecuteAsync(context);
                return;
            }
            else
            {
                if (current != ticket) Write(context, current);
                context.Features.Set(current);
                request.Headers.Authorization = $"Bearer {current.AccessToken}";
            }
        }

        await next(context);
    }

    static async Task<IResult> SignInAsync(HttpContext context, IHttpClientFactory clients, IConfiguration configuration, CancellationToken ct)
    {
        using var client = clients.CreateClient();
        // Read first: what is wrong with the body is then the caller's affair, not one of the way to Accounts.
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, ct);
        using var body = new ByteArrayContent(buffer.GetBuffer(), 0, (int)buffer.Length);
        // As it came: a form of a foreign page cannot call itself JSON, and Accounts takes nothing else.
        body.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Routes.Address(configuration, "accounts"), "/api/tokens")) { Content = body };
        request.Headers.TryAddWithoutValidation("Accept-Language", context.Request.Headers.AcceptLanguage.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", context.Request.Headers.UserAgent.ToString());
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, ct);
        }
        catch (HttpRequestException)
        {
            return new Answer(503, Problem.Of(503, Refusals.Unavailable)) { RetryAfterSeconds = RetryAfterSeconds };
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
                return Results.Text(await response.Content.ReadAsStringAsync(ct), "application/problem+json", statusCode: (int)response.StatusCode);
            var ticket = TicketOf(context, (await response.Content.ReadFromJsonAsync<Tokens>(JsonSerializerOptions.Web, ct))!, NewSecret());
            Write(context, ticket);
            return Answer.Ok(new { csrfToken = ticket.Csrf });
        }
    }

    static IResult GetAsync(HttpContext context) =>
        context.Features.Get<Ticket>() is { } ticket ? Answer.Ok(new { signedIn = true, csrfToken = ticket.Csrf }) : Answer.Ok(new { signedIn = false });

    static async Task<IResult> SignOutAsync(HttpContext context, IHttpClientFactory clients, IConfiguration configuration, CancellationToken ct)
    {
        context.Response.Cookies.Delete(CookieName);
        if (context.Features.Get<Ticket>() is null) return Answer.Done;
        using var client = clients.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(Routes.Address(configuration, "accounts"), "/api/tokens"));
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        try
        {
            using var response = await client.SendAsync(request, ct);
        }
        catch (HttpRequestException)
        {
            return new Answer(503, Problem.Of(503, Refusals.Unavailable)) { RetryAfterSeconds = RetryAfterSeconds };
        }

        return Answer.Done;
    }

    /// <summary>The next ticket; null when Accounts says that the session is over, and the same ticket when it says nothing at all.</summary>
    static async Task<Ticket?> RefreshAsync(HttpContext context, Ticket ticket)
    {
        var running = context.RequestServices.GetRequiredService<Refreshes>().Running;
        // A finished refresh stays a while for requests that were sent with the old cookie.
        if (running.Count > 10_000) running.Clear();
        return await running.GetOrAdd(ticket.RefreshToken, _ => new Lazy<Task<Ticket?>>(() => AskAsync(context, ticket))).Value;
    }

    static async Task<Ticket?> AskAsync(HttpContext context, Ticket ticket)
    {
        using var client = context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient();
        var address = Routes.Address(context.RequestServices.GetRequiredService<IConfiguration>(), "accounts");
        try
        {
            using var response = await client.PostAsJsonAsync(
                new Uri(address, "/api/tokens/refresh"), new { refreshToken = ticket.RefreshToken }, CancellationToken.None);
            if (response.StatusCode is HttpStatusCode.Unauthorized) return null;
            response.EnsureSuccessStatusCode();
            var tokens = (await response.Content.ReadFromJsonAsync<Tokens>(JsonSerializerOptions.Web, CancellationToken.None))!;
            return TicketOf(context, tokens, ticket.Csrf);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            context.RequestServices.GetRequiredService<Refreshes>().Running.TryRemove(ticket.RefreshToken, out _);
            return ticket;
        }
    }

    static Ticket TicketOf(HttpContext context, Tokens tokens, string csrf) => new(
        tokens.AccessToken, tokens.RefreshToken,
        context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().AddSeconds(tokens.ExpiresIn), csrf);

    static Ticket? Read(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } value) return null;
        try
        {
            return JsonSerializer.Deserialize<Ticket>(Protector(context).Unprotect(value));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    static void Write(HttpContext context, Ticket ticket) => context.Response.Cookies.Append(
        CookieName, Protector(context).Protect(JsonSerializer.Serialize(ticket)), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = CookieLifetime,
            Path = "/",
            IsEssential = true,
        });

    static IDataProtector Protector(HttpContext context) =>
        context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("portal-session.v1");

    static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    static bool IsSame(string sent, string kept) =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(sent), System.Text.Encoding.UTF8.GetBytes(kept));
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TechMarket.Tools;

/// <summary>Somebody who uses the market through its public API: plain HTTP and JSON, none of the services' types.</summary>
/// <param name="address">The gateway.</param>
/// <param name="patience">How long a request is repeated while the market does not answer. Every POST carries an idempotency key, so a
/// repetition has no second effect.</param>
public sealed class MarketClient(Uri address, TimeSpan patience) : IDisposable
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The gateway.</summary>
    public Uri Address => address;

    /// <summary>The e-mail address signed in with; empty before.</summary>
    public string Email { get; private set; } = "";

    /// <summary>The token that requests carry; null before signing in.</summary>
    public string? AccessToken { get; private set; }

    /// <summary>Another caller of the same market, not signed in.</summary>
    public MarketClient Another() => new(address, patience);

    /// <summary>Signs in; later requests carry the token.</summary>
    public async Task SignInAsync(string email, string password, CancellationToken ct)
    {
        // Without a key: the answer to a sign-in must not be kept.
        var tokens = await SendAsync(HttpMethod.Post, "/api/tokens", new { email, password }, null, ct);
        AccessToken = (string)tokens["accessToken"]!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        Email = email;
    }

    /// <summary>Reads.</summary>
    /// <exception cref="MarketException">The market answered with a problem.</exception>
    public Task<JsonNode> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, null, ct);

    /// <summary>Writes, once however often it has to be sent.</summary>
    /// <exception cref="MarketException">The market answered with a problem.</exception>
    public Task<JsonNode> PostAsync(string path, object body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, body, Guid.CreateVersion7().ToString(), ct);

    /// <summary>Reads again and again until the answer is the one waited for.</summary>
    /// <exception cref="TimeoutException">It did not come; the message shows the last answer.</exception>
    public async Task<JsonNode> GetUntilAsync(string path, Func<JsonNode, bool> holds, TimeSpan within, CancellationToken ct)
    {
        var end = DateTimeOffset.UtcNow + within;
        while (true)
        {
            var answer = await GetAsync(path, ct);
            if (holds(answer)) return answer;
            if (DateTimeOffset.UtcNow > end) throw new TimeoutException($"GET {path} did not come to what was expected. Last: {answer.ToJsonString()}");
            await Task.Delay(RetryInterval, ct);
        }
    }

    async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, string? key, CancellationToken ct)
    {
        var end = DateTimeOffset.UtcNow + patience;
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path);
                if (body is not null) request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
                if (key is not null) request.Headers.Add("Idempotency-Key", key);
                using var response = await http.SendAsync(request, ct);
                var text = await response.Content.ReadAsStringAsync(ct);
                if (response.IsSuccessStatusCode) return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
                var problem = MarketException.Of(method, path, (int)response.StatusCode, text);
                var wait = response.Headers.RetryAfter?.Delta;
                // 429, 503 and «not yet known» ask to come again; a market that is just starting says 502 or 503.
                if (DateTimeOffset.UtcNow > end || !(problem.Status is 429 or 502 or 503 or 504 || problem.Type == "not-yet-known")) throw problem;
                await Task.Delay(wait is { } delta && delta < TimeSpan.FromSeconds(2) ? delta : RetryInterval, ct);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                if (DateTimeOffset.UtcNow > end) throw new MarketException(0, "unreachable", $"{address} does not answer: {e.Message}");
                await Task.Delay(RetryInterval, ct);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}

/// <summary>The market refused something.</summary>
/// <param name="status">The HTTP status; 0 when nothing answered.</param>
/// <param name="type">The problem type without its prefix.</param>
/// <param name="message">For the person who reads it.</param>
public sealed class MarketException(int status, string type, string message) : Exception(message)
{
    /// <summary>The HTTP status; 0 when nothing answered.</summary>
    public int Status => status;

    /// <summary>The problem type without its prefix.</summary>
    public string Type => type;

    internal static MarketException Of(HttpMethod method, string path, int status, string text)
    {
        try
        {
            var problem = JsonNode.Parse(text);
            var type = ((string?)problem?["type"])?.Replace("urn:techmarket:", "", StringComparison.Ordinal) ?? "unknown";
            var errors = problem?["errors"]?.ToJsonString() ?? problem?["facts"]?.ToJsonString();
            return new MarketException(status, type, $"{method} {path}: {status} {type}: {problem?["title"]} {errors}".TrimEnd());
        }
        catch (JsonException)
        {
            return new MarketException(status, "unknown", $"{method} {path}: {status} {text[..Math.Min(200, text.Length)]}");
        }
    }
}

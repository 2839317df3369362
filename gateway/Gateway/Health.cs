namespace TechMarket.Gateway;

/// <summary>Whether the platform is there, and whether all of it can be used.</summary>
static class Health
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" }));
        app.MapGet("/health/ready", ReadyAsync);
    }

    static async Task<IResult> ReadyAsync(IHttpClientFactory clients, IConfiguration configuration, CancellationToken ct)
    {
        var states = await Task.WhenAll(Routes.Paths.Keys.Select(async service => (service, isReady: await IsReadyAsync(clients, configuration, service, ct))));
        var answer = new
        {
            status = states.All(state => state.isReady) ? "ready" : "not_ready",
            services = states.ToDictionary(state => state.service, state => state.isReady ? "ready" : "not_ready"),
        };
        return TypedResults.Json(answer, statusCode: answer.status == "ready" ? 200 : 503);
    }

    static async Task<bool> IsReadyAsync(IHttpClientFactory clients, IConfiguration configuration, string service, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient();
            using var response = await client.GetAsync(new Uri(Routes.Address(configuration, service), "/health/ready"), patience.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}

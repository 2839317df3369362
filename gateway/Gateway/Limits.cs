using System.Threading.RateLimiting;
using TechMarket.ServiceKit;

namespace TechMarket.Gateway;

/// <summary>How often somebody may call (design §8): <c>Limits:RequestsPerSecond</c> a caller (100), <c>Limits:SignUpsPerMinute</c> (60) and
/// <c>Limits:SignInsPerMinute</c> (300) an address. 0 switches a limit off.</summary>
static class Limits
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var requests = configuration.GetValue("Limits:RequestsPerSecond", 100);
        var signUps = configuration.GetValue("Limits:SignUpsPerMinute", 60);
        var signIns = configuration.GetValue("Limits:SignInsPerMinute", 300);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = 429;
            limiter.OnRejected = async (context, _) => await Refused(context.Lease).ExecuteAsync(context.HttpContext);
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(context => Window($"all {Who(context)}", requests, TimeSpan.FromSeconds(1))),
                PartitionedRateLimiter.Create<HttpContext, string>(context => Posted(context) switch
                {
                    "/api/organisations" => Window($"up {Address(context)}", signUps, TimeSpan.FromMinutes(1)),
                    "/api/tokens" or "/api/tokens/api-key" or "/session" or "/api/passwords/forgotten" =>
                        Window($"in {Address(context)}", signIns, TimeSpan.FromMinutes(1)),
                    _ => RateLimitPartition.GetNoLimiter("free"),
                }));
        });
    }

    /// <summary>The path that is posted to, in the one spelling of all that routing takes for the same; null for other methods.</summary>
    static string? Posted(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) ? context.Request.Path.Value!.TrimEnd('/').ToLowerInvariant() : null;

    static RateLimitPartition<string> Window(string key, int permits, TimeSpan window) => permits == 0
        ? RateLimitPartition.GetNoLimiter("free")
        : RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window });

    static string Who(HttpContext context) => context.User.FindFirst("sub")?.Value ?? Address(context);

    static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    static Answer Refused(RateLimitLease lease) => new(429, Problem.Of(429, Refusals.TooManyRequests))
    {
        RetryAfterSeconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Clamp((int)Math.Ceiling(wait.TotalSeconds), 1, 60) : 1,
    };
}

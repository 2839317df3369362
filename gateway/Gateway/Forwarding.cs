using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using TechMarket.ServiceKit;
using Yarp.ReverseProxy.Forwarder;

namespace TechMarket.Gateway;

/// <summary>Between the outside and the services: whose word on the caller's address is taken, and what is said when a service does not answer.</summary>
static class Forwarding
{
    const int RetryAfterSeconds = 2;

    /// <summary>Forwarded headers are believed from the addresses of the setting <c>Proxies</c> alone; from nobody without it.</summary>
    public static void Use(WebApplication app)
    {
        if (app.Configuration["Proxies"] is not { Length: > 0 } proxies) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        foreach (var proxy in proxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            options.KnownProxies.Add(IPAddress.Parse(proxy));
        app.UseForwardedHeaders(options);
    }

    /// <summary>A service that is down is a 503 to try again; nothing of where it would have been is said.</summary>
    public static async Task AnswerFailuresAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure || context.Response.HasStarted) return;
        if (context.RequestAborted.IsCancellationRequested) return;
        if (failure.Exception is BadHttpRequestException { StatusCode: 413 }
            || failure.Exception?.InnerException is BadHttpRequestException { StatusCode: 413 })
        {
            await new Answer(413, Problem.Of(413, Refusals.BodyTooLarge)).ExecuteAsync(context);
            return;
        }

        await (new Answer(503, Problem.Of(503, Refusals.Unavailable)) { RetryAfterSeconds = RetryAfterSeconds }).ExecuteAsync(context);
    }
}

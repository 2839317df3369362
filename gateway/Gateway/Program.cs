using Microsoft.AspNetCore.Diagnostics;
using TechMarket.ServiceKit;
using Yarp.ReverseProxy.Transforms;

namespace TechMarket.Gateway;

/// <summary>The only door of the platform: it routes, checks tokens, limits, signs the portal in, and joins the services' API documents.</summary>
public static class Program
{
    /// <summary>Runs it as a process of its own.</summary>
    public static async Task<int> Main(string[] args)
    {
        await using var app = Build(args);
        await app.RunAsync();
        return 0;
    }

    /// <summary>Builds it. Settings: <c>Services:NAME</c> (address of each service), <c>Files</c> (where the keys of its cookies are kept),
    /// <c>Limits:…</c>, <c>Proxies</c> (addresses whose forwarded headers are trusted), <c>Urls</c>.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(Program).Assembly.GetName().Name,
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Above what is taken: a longer body is read to its end, so that its sender hears why it was refused.
            kestrel.Limits.MaxRequestBodySize = 4 * BodyLimits.ImportBytesMax;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error);
        before?.Invoke(builder);
        var services = builder.Services;
        services.AddReverseProxy().LoadFromMemory(Routes.All(), Routes.Clusters(builder.Configuration)).AddTransforms(context =>
        {
            // The session's cookie is the gateway's own affair; services see the token alone.
            context.AddRequestHeaderRemove("Cookie");
            context.AddRequestHeaderRemove(PortalSessions.CsrfHeader);
        });
        TokenCheck.Add(services, builder.Configuration);
        Limits.Add(services, builder.Configuration);
        PortalSessions.Add(services, builder.Configuration);
        services.AddHttpClient();
        services.AddSingleton<ApiDocument>();

        var app = builder.Build();
        var telemetry = Telemetry.Start("gateway", app.Configuration);
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            foreach (var provider in telemetry) provider.Dispose();
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerExceptionAsync });
        app.UseStatusCodePages(context => AnswerStatusAsync(context.HttpContext));
        SecurityHeaders.Use(app);
        Forwarding.Use(app);
        app.Use(BodyLimits.CheckAsync);
        app.UseRouting();
        app.Use(PortalSessions.ApplyAsync);
        // Named here, after the cookie has become a token: unnamed, the framework puts it before everything else.
        app.UseAuthentication();
        app.Use(TokenCheck.CheckAsync);
        app.UseRateLimiter();
        Health.Map(app);
        PortalSessions.Map(app);
        Landing.Map(app);
        ApiDocument.Map(app);
        app.MapReverseProxy(proxy => proxy.Use(Forwarding.AnswerFailuresAsync));
        return app;
    }

    static Task AnswerExceptionAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var answer = exception switch
        {
            BadHttpRequestException { StatusCode: 413 } => new Answer(413, Problem.Of(413, Refusals.BodyTooLarge)),
            BadHttpRequestException bad => new Answer(bad.StatusCode, Problem.Of(bad.StatusCode, Refusals.InvalidRequest)),
            _ => new Answer(500, Problem.Of(500, Refusals.Unexpected)),
        };
        return answer.ExecuteAsync(context);
    }

    static Task AnswerStatusAsync(HttpContext context) => context.Response.StatusCode switch
    {
        404 => Answer.NotFound.ExecuteAsync(context),
        405 => new Answer(405, Problem.Of(405, Refusals.MethodNotAllowed)).ExecuteAsync(context),
        _ => Task.CompletedTask,
    };
}

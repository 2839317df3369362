using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Microsoft.OpenApi;
using Npgsql;

namespace TechMarket.ServiceKit;

/// <summary>Everything that makes a service what it is, named one by one: its table of contents.</summary>
/// <param name="Name">Also the name of its schema, its queue and its part of the settings.</param>
/// <param name="Migrations">Assemblies whose embedded migrations it needs, in order; the kit's own come first without being named.</param>
/// <param name="Endpoints">Maps its endpoints.</param>
/// <param name="Consumers">The events it applies.</param>
/// <param name="Services">Registers what its use cases need; use <c>TryAdd</c>, a host may have put another in place.</param>
public sealed record ServiceDefinition(
    string Name,
    IReadOnlyList<Assembly> Migrations,
    Action<IEndpointRouteBuilder> Endpoints,
    IReadOnlyList<Consumer> Consumers,
    Action<IServiceCollection, IConfiguration> Services);

/// <summary>Builds and runs a service, the same in a process of its own and beside others in one.</summary>
public static class ServiceHost
{
    const long BodyBytesMax = 1024 * 1024;

    /// <summary>Runs a service as a process of its own; <c>migrate</c> as the only argument brings its schema up to date and ends.</summary>
    public static async Task<int> RunAsync(ServiceDefinition definition, string[] args)
    {
        await using var app = Build(definition, args);
        await MigrateAsync(app, definition, CancellationToken.None);
        if (args is ["migrate"]) return 0;
        await app.RunAsync();
        return 0;
    }

    /// <summary>Runs the migrations of a built service.</summary>
    public static Task MigrateAsync(WebApplication app, ServiceDefinition definition, CancellationToken ct) =>
        Migrator.RunAsync(app.Services.GetRequiredService<NpgsqlDataSource>(),
            definition.Migrations.Prepend(typeof(ServiceHost).Assembly), ct);

    /// <summary>Builds a service. Settings: <c>Database</c> (connection string), <c>RabbitMq</c> (amqp address; events stay in the process
    /// without it), <c>Tokens:Authority</c> (address of Accounts) or <c>Tokens:Jwks</c> (keys given), <c>Urls</c>.</summary>
    /// <param name="definition">The service.</param>
    /// <param name="args">Settings as command-line arguments.</param>
    /// <param name="before">Runs before the service's own registrations: a host that runs several services puts shared parts in place.</param>
    public static WebApplication Build(ServiceDefinition definition, string[] args, Action<WebApplicationBuilder>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = definition.Migrations[^1].GetName().Name,
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
        before?.Invoke(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(
            builder.Configuration["Database"] ?? throw new InvalidOperationException("The setting Database is missing.")).Build());
        services.AddSingleton<Database>();
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        AddTokens(services, builder.Configuration);
        AddEvents(services, definition, builder.Configuration);
        AddOpenApi(services, definition);
        services.AddSingleton<RevokedSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<RevokedSessions>());
        definition.Services(services, builder.Configuration);

        var app = builder.Build();
        var telemetry = Telemetry.Start(definition.Name, builder.Configuration);
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            foreach (var provider in telemetry) provider.Dispose();
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerExceptionAsync, SuppressDiagnosticsCallback = IsExpected });
        app.UseStatusCodePages(context => AnswerStatusAsync(context.HttpContext));
        app.Use(RefuseForbiddenCharactersAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.Use(Access.CheckAsync);
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        app.Use((context, next) => IdempotentRequest.HandleAsync(context, next, database));
        Operations.Map(app);
        definition.Endpoints(app);
        app.UseSwagger(swagger => swagger.RouteTemplate = "openapi/{documentName}.json");
        RequireAccessRules(app);
        return app;
    }

    /// <summary>Checks access tokens: signed by Accounts (<c>Tokens:Authority</c>, or keys given by <c>Tokens:Jwks</c>), in time, and of a session
    /// that has not ended.</summary>
    public static void AddTokens(IServiceCollection services, IConfiguration configuration) =>
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.RequireHttpsMetadata = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = "techmarket",
                ValidAudience = "techmarket",
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ClockSkew = TimeSpan.FromSeconds(30),
                NameClaimType = "sub",
                RoleClaimType = Claims.Role,
            };
            if (configuration["Tokens:Jwks"] is { Length: > 0 } jwks)
                options.TokenValidationParameters.IssuerSigningKeys = new JsonWebKeySet(jwks).GetSigningKeys();
            else if (configuration["Tokens:Authority"] is { Length: > 0 } authority)
                options.MetadataAddress = $"{authority.TrimEnd('/')}/.well-known/openid-configuration";
            options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    // The gateway has no tables and leaves this to the services.
                    var revoked = context.HttpContext.RequestServices.GetService<RevokedSessions>();
                    if (Guid.TryParse(context.Principal!.FindFirst(Claims.Session)?.Value, out var session) && revoked?.Contains(session) == true)
                        context.Fail("the session has ended");
                    return Task.CompletedTask;
                },
            };
        });

    static void AddEvents(IServiceCollection services, ServiceDefinition definition, IConfiguration configuration)
    {
        services.AddSingleton<RelaySignal>();
        services.AddSingleton(provider => new EventDelivery(
            definition.Name, [.. definition.Consumers, RevokedSessions.Consumer(provider)], provider.GetRequiredService<Database>(), provider,
            provider.GetRequiredService<ILogger<EventDelivery>>()));
        if (configuration["RabbitMq"] is { Length: > 0 } address) RabbitTransport.Add(services, definition.Name, new Uri(address));
        else
        {
            services.TryAddSingleton<InProcessTransport>();
            services.TryAddSingleton<IEventTransport>(provider => provider.GetRequiredService<InProcessTransport>());
        }

        services.AddHostedService(provider => new OutboxRelay(
            definition.Name, provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<IEventTransport>(),
            provider.GetRequiredService<RelaySignal>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxRelay>>()));
    }

    static void AddOpenApi(IServiceCollection services, ServiceDefinition definition)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc("v1", new OpenApiInfo { Title = $"TechMarket {definition.Name}", Version = "v1" });
            swagger.TagActionsBy(_ => [definition.Name]);
            foreach (var assembly in definition.Migrations)
            {
                var comments = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
                if (File.Exists(comments)) swagger.IncludeXmlComments(comments);
            }

            swagger.AddSecurityDefinition("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" });
        });
    }

    static void RequireAccessRules(WebApplication app)
    {
        var open = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null).Select(endpoint => endpoint.RoutePattern.RawText).ToList();
        if (open.Count > 0) throw new InvalidOperationException($"Nobody has said who may call {string.Join(", ", open)}.");
    }

    static Task RefuseForbiddenCharactersAsync(HttpContext context, RequestDelegate next)
    {
        var query = context.Request.Query
            .Where(pair => Json.HasForbiddenCharacters(pair.Key) || pair.Value.Any(value => Json.HasForbiddenCharacters(value ?? "")))
            .Select(pair => Json.HasForbiddenCharacters(pair.Key) ? "?" : pair.Key).ToList();
        if (query.Count == 0 && !Json.HasForbiddenCharacters(context.Request.Path.Value ?? "")) return next(context);
        var shape = new Shape();
        if (query.Count == 0) query.Add("path");
        foreach (var name in query) shape.Wrong(name, "不允许控制字符。", "Control characters are not allowed.");
        return shape.Problem!.ExecuteAsync(context);
    }

    static bool IsExpected(ExceptionHandlerSuppressDiagnosticsContext context) =>
        context.Exception is BadHttpRequestException or OperationCanceledException;

    static Task AnswerExceptionAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return Explain(exception, context).ExecuteAsync(context);
    }

    static Answer Explain(Exception? exception, HttpContext context)
    {
        if (exception is BadHttpRequestException bad)
        {
            if (bad.StatusCode == 413) return new Answer(413, Problem.Of(413, Refusals.BodyTooLarge));
            if (bad.StatusCode == 415) return new Answer(415, Problem.Of(415, Refusals.UnsupportedMediaType));
            var shape = new Shape();
            if (bad.InnerException is JsonException json)
            {
                var field = (json.Path ?? "$").TrimStart('$').TrimStart('.');
                var unknown = json.Message.Contains("could not be mapped", StringComparison.Ordinal);
                shape.Wrong(field.Length == 0 ? "body" : field,
                    unknown ? "未知字段。" : "格式或类型不正确。",
                    unknown ? "Unknown field." : "It is malformed or of the wrong type.");
            }
            else
            {
                // «Failed to bind parameter "int? limit" from "x".» and «Required parameter …» name the parameter in quotes.
                var quoted = bad.Message.Split('"');
                var name = quoted.Length > 1 ? quoted[1].Split(' ')[^1] : "body";
                if (bad.Message.Contains("body", StringComparison.Ordinal)) name = "body";
                shape.Wrong(name, "缺失或格式不正确。", "It is missing or malformed.");
            }

            return shape.Problem!;
        }

        return exception switch
        {
            NpgsqlException { IsTransient: true } or TimeoutException =>
                new Answer(503, Problem.Of(503, Refusals.Unavailable)) { RetryAfterSeconds = 2 },
            OperationCanceledException when context.RequestAborted.IsCancellationRequested => new Answer(499, null),
            _ => new Answer(500, Problem.Of(500, Refusals.Unexpected)),
        };
    }

    static Task AnswerStatusAsync(HttpContext context) => context.Response.StatusCode switch
    {
        404 => Answer.NotFound.ExecuteAsync(context),
        405 => new Answer(405, Problem.Of(405, Refusals.MethodNotAllowed)).ExecuteAsync(context),
        413 => new Answer(413, Problem.Of(413, Refusals.BodyTooLarge)).ExecuteAsync(context),
        415 => new Answer(415, Problem.Of(415, Refusals.UnsupportedMediaType)).ExecuteAsync(context),
        _ => Task.CompletedTask,
    };
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.TestKit;

/// <summary>One service on its own port with its own database, in Production mode; entered by the front door. Events from other services are
/// delivered by hand, its own are read from its outbox.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    readonly TestDatabase database;
    readonly Func<Task<WebApplication>> start;
    readonly NpgsqlDataSource tables;
    readonly TestTokens tokens;
    WebApplication app;

    ServiceUnderTest(
        TestDatabase database, WebApplication app, Func<Task<WebApplication>> start, NpgsqlDataSource tables, TestTokens tokens, TestClock clock)
    {
        this.database = database;
        this.app = app;
        this.start = start;
        this.tables = tables;
        this.tokens = tokens;
        Clock = clock;
        Address = new Uri(app.Urls.Single());
    }

    public TestClock Clock { get; }

    public Uri Address { get; private set; }

    public static async Task<ServiceUnderTest> StartAsync(
        ServiceDefinition definition, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var database = await TestDatabase.CreateAsync();
        var tokens = new TestTokens();
        var clock = new TestClock();
        var connectionString = await database.ProvisionAsync(definition.Name);
        var app = await BuildAsync();
        return new ServiceUnderTest(database, app, BuildAsync, NpgsqlDataSource.Create(connectionString), tokens, clock);

        async Task<WebApplication> BuildAsync()
        {
            var app = ServiceHost.Build(definition, [], builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Database"] = connectionString,
                    ["Tokens:Jwks"] = tokens.Jwks,
                    ["Urls"] = "http://127.0.0.1:0",
                });
                if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
                builder.Logging.ClearProviders();
                builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error).AddFilter("MassTransit", LogLevel.None);
                builder.Services.AddSingleton<TimeProvider>(clock);
                services?.Invoke(builder.Services);
            });
            await ServiceHost.MigrateAsync(app, definition, CancellationToken.None);
            // Its own consumers hear its own events, as in production.
            app.Services.GetService<InProcessTransport>()?.Join(app.Services.GetRequiredService<EventDelivery>());
            await app.StartAsync();
            return app;
        }
    }

    /// <summary>Stops the service and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        app = await start();
        Address = new Uri(app.Urls.Single());
    }

    /// <summary>Calls as a person; as nobody when null.</summary>
    public Client As(TestPerson? person)
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (person is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Sign(person, DateTimeOffset.UtcNow));
        return new Client(http);
    }

    /// <summary>Another service's event arrives; returns when it is applied or parked.</summary>
    public async Task<Guid> DeliverAsync(Guid aggregateId, object value, Guid? messageId = null)
    {
        var id = messageId ?? Guid.CreateVersion7();
        await app.Services.GetRequiredService<EventDelivery>().DeliverAsync(
            [new EventMessage(id, aggregateId, value.GetType().Name, EventCatalogue.Write(value), null, Clock.GetUtcNow())], CancellationToken.None);
        return id;
    }

    /// <summary>The events of a type that the service has published, in order.</summary>
    public async Task<IReadOnlyList<T>> PublishedAsync<T>()
        where T : class
    {
        await using var connection = await tables.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<string>("select body::text from outbox where type = @type order by position", new { type = typeof(T).Name }))
            .Select(body => (T)EventCatalogue.Read(typeof(T).Name, body)!)];
    }

    /// <summary>Looks into the service's tables: for what no answer shows.</summary>
    public async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object? arguments = null)
    {
        await using var connection = await tables.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, arguments)).AsList();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await tables.DisposeAsync();
        await database.DisposeAsync();
    }
}

/// <summary>Plain HTTP with JSON, as a stranger's client would speak it.</summary>
public sealed class Client(HttpClient http)
{
    public HttpClient Http => http;

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Reply> PostAsync(string path, object? body, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web), idempotencyKey);

    public Task<Reply> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body, options: JsonSerializerOptions.Web));

    public Task<Reply> PostTextAsync(string path, string json) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        JsonNode? json = null;
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && text.Length > 0) json = JsonNode.Parse(text);
        return new Reply((int)response.StatusCode, json, text, response.Headers);
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(int Status, JsonNode? Json, string Text, HttpResponseHeaders Headers)
{
    /// <summary>A field of the answer.</summary>
    public JsonNode? this[string field] => Json?[field];

    /// <summary>The id of the created thing.</summary>
    public Guid Id => Guid.Parse((string)Json!["id"]!);

    /// <summary>The problem type without its prefix, or null.</summary>
    public string? Problem => ((string?)Json?["type"])?.Replace("urn:techmarket:", "", StringComparison.Ordinal);

    /// <summary>Fails, showing the whole answer, unless the status is the one expected.</summary>
    public Reply Expect(int status) => Status == status ? this : throw new InvalidOperationException($"Expected {status}, got {Status}: {Text}");

    public override string ToString() => $"{Status} {Text}";
}

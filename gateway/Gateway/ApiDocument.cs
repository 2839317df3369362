using System.Text.Json.Nodes;

namespace TechMarket.Gateway;

/// <summary>The services' API documents joined into one, and Swagger UI to look at it. Schemas that two services call by one name, but mean
/// otherwise, carry the service's name. A service that does not answer is named in the description.</summary>
sealed class ApiDocument(IHttpClientFactory clients, IConfiguration configuration)
{
    const string SchemaPath = "#/components/schemas/";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Map(WebApplication app)
    {
        app.MapGet("/openapi/v1.json", async (ApiDocument document, CancellationToken ct) =>
            Results.Text((await document.JoinAsync(ct)).ToJsonString(), "application/json"));
        app.UseSwaggerUI(swagger =>
        {
            swagger.SwaggerEndpoint("/openapi/v1.json", "TechMarket v1");
            swagger.DocumentTitle = "TechMarket API";
        });
    }

    public async Task<JsonObject> JoinAsync(CancellationToken ct)
    {
        var documents = await Task.WhenAll(Routes.Paths.Keys.Select(async service => (service, text: await FetchAsync(service, ct))));
        var paths = new JsonObject();
        var schemas = new JsonObject();
        var securitySchemes = new JsonObject();
        foreach (var (service, text) in documents.Where(document => document.text is not null))
        {
            var document = JsonNode.Parse(Renamed(service, text!, schemas))!;
            foreach (var (path, operations) in Taken(document["paths"]))
                if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/.well-known/", StringComparison.Ordinal))
                    paths.TryAdd(path, operations);
                else if (path.StartsWith("/admin/", StringComparison.Ordinal)) paths.TryAdd($"/admin/{service}{path["/admin".Length..]}", operations);
            foreach (var (name, schema) in Taken(document["components"]?["schemas"])) schemas.TryAdd(name, schema);
            foreach (var (name, scheme) in Taken(document["components"]?["securitySchemes"])) securitySchemes.TryAdd(name, scheme);
        }

        var missing = documents.Where(document => document.text is null).Select(document => document.service).ToList();
        return new JsonObject
        {
            ["openapi"] = "3.0.4",
            ["info"] = new JsonObject
            {
                ["title"] = "TechMarket 科技大市场",
                ["version"] = "v1",
                ["description"] = missing.Count == 0 ? "" : $"Not answering at the moment: {string.Join(", ", missing)}.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = securitySchemes },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
        };
    }

    /// <summary>Gives the service's name to every schema whose name is taken by another shape.</summary>
    static string Renamed(string service, string text, JsonObject taken)
    {
        var own = JsonNode.Parse(text)!["components"]?["schemas"]?.AsObject();
        if (own is null) return text;
        foreach (var (name, schema) in own.ToList())
        {
            if (!taken.TryGetPropertyValue(name, out var other) || JsonNode.DeepEquals(other, schema)) continue;
            var renamed = $"{char.ToUpperInvariant(service[0])}{service[1..]}{name}";
            text = text.Replace($"\"{SchemaPath}{name}\"", $"\"{SchemaPath}{renamed}\"", StringComparison.Ordinal);
            var document = JsonNode.Parse(text)!;
            var schemas = document["components"]!["schemas"]!.AsObject();
            var moved = schemas[name]!.DeepClone();
            schemas.Remove(name);
            schemas[renamed] = moved;
            text = document.ToJsonString();
        }

        return text;
    }

    static List<(string Name, JsonNode? Value)> Taken(JsonNode? node) =>
        node is JsonObject members ? [.. members.Select(member => (member.Key, member.Value?.DeepClone()))] : [];

    async Task<string?> FetchAsync(string service, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient();
            return await client.GetStringAsync(new Uri(Routes.Address(configuration, service), "/openapi/v1.json"), patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

public sealed class ApiDocumentTests(PlatformFixture fixture)
{
    readonly GatewayUnderTest gateway = fixture.Gateway;

    [Fact]
    public async Task The_services_documents_are_one()
    {
        var document = (await gateway.Nobody.GetAsync("/openapi/v1.json")).Expect(200);
        Assert.StartsWith("3.0", (string?)document["openapi"], StringComparison.Ordinal);
        var paths = document["paths"]!.AsObject().Select(path => path.Key).ToList();
        foreach (var path in new[]
        {
            "/api/organisations", "/api/tokens", "/api/needs", "/.well-known/jwks.json", "/api/parameters/accounts", "/api/parameters/matching",
            "/admin/accounts/dead-letters", "/admin/matching/dead-letters",
        })
        {
            Assert.Contains(path, paths);
        }

        Assert.DoesNotContain("/admin/dead-letters", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("/health", StringComparison.Ordinal));
        Assert.Equal("http", (string?)document["components"]!["securitySchemes"]!["bearer"]!["type"]);
        Assert.NotNull(document["security"]![0]!["bearer"]);
        var signUp = document["paths"]!["/api/organisations"]!["post"]!;
        Assert.Equal("Sign an organisation up", (string?)signUp["summary"]);
    }

    [Fact]
    public async Task It_holds_every_path_of_every_service_with_the_shapes_that_the_service_means()
    {
        var joined = (await gateway.Nobody.GetAsync("/openapi/v1.json")).Expect(200).Json!;
        foreach (var (name, service) in new[] { ("accounts", fixture.Accounts), ("matching", fixture.Matching) })
        {
            var own = (await service.As(null).GetAsync("/openapi/v1.json")).Expect(200).Json!;
            foreach (var (path, operations) in own["paths"]!.AsObject())
            {
                var there = path.StartsWith("/admin/", StringComparison.Ordinal) ? $"/admin/{name}{path["/admin".Length..]}" : path;
                var expected = Resolved(operations!, own, 0);
                var found = joined["paths"]![there];
                Assert.NotNull(found);
                Assert.True(JsonNode.DeepEquals(expected, Resolved(found, joined, 0)), $"{there} of {name} is described otherwise.");
            }
        }
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_named()
    {
        var description = (string?)(await gateway.Nobody.GetAsync("/openapi/v1.json")).Expect(200)["info"]!["description"];
        Assert.Equal("Not answering at the moment: listings, auctions, contracts.", description);
    }

    [Fact]
    public async Task Swagger_UI_shows_it()
    {
        var page = (await gateway.Nobody.GetAsync("/swagger/index.html")).Expect(200);
        Assert.Contains("TechMarket API", page.Text, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("/openapi/v1.json", (await gateway.Nobody.GetAsync("/swagger/index.js")).Expect(200).Text, StringComparison.Ordinal);
        var redirect = await gateway.Nobody.GetAsync("/swagger");
        Assert.InRange(redirect.Status, 301, 308);
        Assert.EndsWith("swagger/index.html", redirect.Headers.Location!.ToString(), StringComparison.Ordinal);
        // What the policy forbids would not run: the page has no script of its own in it.
        Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);
    }

    /// <summary>The node with every reference replaced by what it refers to, to a depth that is enough for every shape here.</summary>
    static JsonNode? Resolved(JsonNode? node, JsonNode document, int depth)
    {
        if (node is JsonArray items) return new JsonArray([.. items.Select(item => Resolved(item, document, depth))]);
        if (node is not JsonObject members) return node?.DeepClone();
        if (members["$ref"] is { } reference)
        {
            var name = ((string)reference!).Replace("#/components/schemas/", "", StringComparison.Ordinal);
            var schema = document["components"]!["schemas"]![name] ?? throw new InvalidOperationException($"There is no schema {name}.");
            return depth > 8 ? JsonValue.Create("deep") : Resolved(schema, document, depth + 1);
        }

        return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Resolved(member.Value, document, depth))));
    }
}

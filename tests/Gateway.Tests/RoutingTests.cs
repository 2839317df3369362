using System.Text.Json.Nodes;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

public sealed class RoutingTests(PlatformFixture fixture)
{
    readonly GatewayUnderTest gateway = fixture.Gateway;

    [Fact]
    public async Task A_path_leads_to_its_service_and_what_it_says_comes_back()
    {
        var email = $"{Guid.CreateVersion7():N}@example.org";
        var made = (await gateway.Nobody.PostAsync("/api/organisations", PlatformFixture.SignUp("broker", email))).Expect(201);
        Assert.Equal($"/api/organisations/{made.Id}", made.Headers.Location!.ToString());
        Assert.Equal("pending", (string?)(await gateway.With(await fixture.TokenAsync(email)).GetAsync($"/api/organisations/{made.Id}")).Expect(200)["status"]);
        Assert.NotNull((await gateway.Nobody.GetAsync("/api/needs?limit=1")).Expect(200)["items"]);
        Assert.NotEmpty((await gateway.Nobody.GetAsync("/.well-known/jwks.json")).Expect(200)["keys"]!.AsArray());
        Assert.NotNull((await gateway.Nobody.GetAsync("/api/needs?limit=x")).Expect(400)["errors"]!["limit"]);
    }

    [Fact]
    public async Task A_token_of_accounts_is_good_at_the_other_services()
    {
        var seeker = gateway.With(await fixture.TokenAsync(await fixture.NewPersonAsync("enterprise")));
        Assert.Equal("invalid-request", (await seeker.PostAsync("/api/needs", new { })).Expect(400).Problem);
        var provider = gateway.With(await fixture.TokenAsync(await fixture.NewPersonAsync()));
        Assert.Equal("not-allowed", (await provider.PostAsync("/api/needs", new { })).Expect(403).Problem);
    }

    [Fact]
    public async Task An_idempotency_key_reaches_the_service()
    {
        var body = PlatformFixture.SignUp("broker", $"{Guid.CreateVersion7():N}@example.org");
        var key = Guid.NewGuid().ToString();
        var first = (await gateway.Nobody.PostAsync("/api/organisations", body, key)).Expect(201);
        Assert.Equal(first.Id, (await gateway.Nobody.PostAsync("/api/organisations", body, key)).Expect(201).Id);
    }

    [Fact]
    public async Task Every_service_has_its_parameters_and_its_operators_pages_under_its_name()
    {
        var operators = gateway.With(await fixture.OperatorTokenAsync());
        foreach (var service in new[] { "accounts", "matching" })
        {
            (await operators.GetAsync($"/admin/{service}/dead-letters")).Expect(200);
            (await gateway.Nobody.GetAsync($"/admin/{service}/dead-letters")).Expect(401);
            (await operators.GetAsync($"/api/parameters/{service}")).Expect(200);
        }

        // The rotation of keys is in the log of Accounts alone.
        Assert.Contains("operator.set", (await operators.GetAsync("/admin/accounts/audit-log")).Expect(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("operator.set", (await operators.GetAsync("/admin/matching/audit-log")).Expect(200).Text, StringComparison.Ordinal);
        (await operators.GetAsync("/admin/dead-letters")).Expect(404);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    [InlineData("/nothing")]
    [InlineData("/api/parameters/nobody")]
    [InlineData("/admin/nobody/dead-letters")]
    [InlineData("/health/other")]
    public async Task An_unknown_path_is_a_problem_in_the_callers_language(string path)
    {
        var reply = (await gateway.Nobody.GetAsync(path)).Expect(404);
        Assert.Equal(("not-found", "未找到所请求的内容。"), (reply.Problem, (string?)reply["title"]));
        var english = (await gateway.Client(("Accept-Language", "en")).GetAsync(path)).Expect(404);
        Assert.Equal("There is nothing here.", (string?)english["title"]);
    }

    [Fact]
    public async Task A_method_that_is_not_taken_is_a_problem() =>
        Assert.Equal("method-not-allowed", (await gateway.Nobody.PutAsync("/session", new { })).Expect(405).Problem);

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer a.b.c")]
    public async Task A_bad_token_is_turned_away_even_where_none_is_needed(string authorization)
    {
        var client = gateway.Client(("Authorization", authorization));
        foreach (var path in new[] { "/api/organisations", "/api/me", "/api/achievements", "/health/live" })
        {
            var reply = (await client.GetAsync(path)).Expect(401);
            Assert.Equal(("not-signed-in", "Bearer"), (reply.Problem, reply.Headers.WwwAuthenticate.ToString()));
        }
    }

    [Fact]
    public async Task A_token_of_another_key_is_turned_away()
    {
        var forged = new TestTokens().Sign(TestPerson.Operator(), DateTimeOffset.UtcNow);
        Assert.Equal("not-signed-in", (await gateway.With(forged).GetAsync("/api/organisations")).Expect(401).Problem);
    }

    [Theory]
    [InlineData("/api/achievements")]
    [InlineData("/api/auctions/x")]
    [InlineData("/api/certificates/1")]
    [InlineData("/admin/contracts/dead-letters")]
    public async Task A_service_that_is_away_is_a_problem_to_try_again(string path)
    {
        var reply = (await gateway.Nobody.GetAsync(path)).Expect(503);
        Assert.Equal(("unavailable", 2), (reply.Problem, (int)reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.DoesNotContain("127.0.0.1", reply.Text, StringComparison.Ordinal);
        Assert.Equal(503, (await gateway.Nobody.PostAsync(path, new { })).Status);
    }

    [Fact]
    public async Task While_the_keys_cannot_be_read_a_token_is_neither_good_nor_bad()
    {
        await using var own = await fixture.StartGatewayAsync(new Dictionary<string, string?> { ["Services:accounts"] = fixture.Nowhere });
        var token = await fixture.TokenAsync(await fixture.NewPersonAsync());
        var reply = (await own.With(token).GetAsync("/api/needs")).Expect(503);
        Assert.Equal("unavailable", reply.Problem);
        Assert.NotNull(reply.Headers.RetryAfter);
        (await own.Nobody.GetAsync("/api/needs")).Expect(200);
    }

    [Fact]
    public async Task Answers_of_services_are_passed_on_in_the_callers_language()
    {
        var english = await gateway.Client(("Accept-Language", "en-GB")).PostAsync("/api/tokens", new { });
        Assert.Equal("This field is required.", (string?)english.Expect(400)["errors"]!["email"]![0]);
        Assert.IsType<JsonObject>(english.Json);
    }
}

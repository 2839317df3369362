using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.ApiKeys;

public sealed class OwnApiKeysTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task A_key_is_shown_once_and_exchanged_for_tokens_of_its_roles_alone()
    {
        var admin = await market.AdminAsync("enterprise");
        var made = (await admin.Client.PostAsync("/api/api-keys", new { name = "feed", roles = new[] { "provider" } })).Expect(201);
        var listed = (await admin.Client.GetAsync("/api/api-keys")).Expect(200);
        var item = Assert.Single(listed["items"]!.AsArray())!;
        Assert.Equal((made.Id, "feed", "provider"), ((Guid)item["id"]!, (string?)item["name"], (string?)Assert.Single(item["roles"]!.AsArray())));
        Assert.Null(item["lastUsedAt"]);
        Assert.DoesNotContain((string)made["apiKey"]!, listed.Text, StringComparison.Ordinal);

        var machine = market.Holding((await ExchangeAsync((string)made["apiKey"]!)).Expect(200));
        Assert.Equal((admin.PersonId, admin.OrganisationId), (machine.PersonId, machine.OrganisationId));
        Assert.Equal(["provider"], machine.Roles);
        Assert.NotNull((await admin.Client.GetAsync("/api/api-keys"))["items"]![0]!["lastUsedAt"]);
    }

    [Fact]
    public async Task Tokens_that_a_key_refreshes_have_no_more_roles_than_the_key()
    {
        var admin = await market.AdminAsync("enterprise");
        var made = (await admin.Client.PostAsync("/api/api-keys", new { name = "feed", roles = new[] { "provider" } })).Expect(201);
        var machine = market.Holding((await ExchangeAsync((string)made["apiKey"]!)).Expect(200));
        for (var i = 0; i < 2; i++)
        {
            machine = market.Holding((await market.RefreshAsync(machine.RefreshToken)).Expect(200));
            Assert.Equal(["provider"], machine.Roles);
        }
    }

    [Fact]
    public async Task A_role_taken_from_the_owner_is_taken_from_the_key()
    {
        var admin = await market.AdminAsync();
        var (id, email) = await Market.AddAsync(admin, "provider", "expert");
        var owner = await market.SignInAsync(email);
        var made = (await owner.Client.PostAsync("/api/api-keys", new { name = "feed", roles = new[] { "provider", "expert" } })).Expect(201);
        (await admin.Client.PostAsync($"/api/users/{id}/roles", new { roles = new[] { "expert", "reviewer" } })).Expect(200);
        Assert.Equal(["expert"], market.Holding((await ExchangeAsync((string)made["apiKey"]!)).Expect(200)).Roles);
    }

    [Fact]
    public async Task A_revoked_key_is_worth_nothing_and_its_sessions_end()
    {
        var admin = await market.AdminAsync();
        var key = await MakeAsync(admin);
        var machine = market.Holding((await ExchangeAsync(key.Secret)).Expect(200));
        (await machine.Client.GetAsync("/api/me")).Expect(200);
        (await admin.Client.SendAsync(HttpMethod.Delete, $"/api/api-keys/{key.Id}", null)).Expect(204);
        Assert.Equal("api-key-worthless", (await ExchangeAsync(key.Secret)).Expect(401).Problem);
        (await machine.Client.GetAsync("/api/me")).Expect(401);
        (await market.RefreshAsync(machine.RefreshToken)).Expect(401);
        (await admin.Client.GetAsync("/api/me")).Expect(200);
        Assert.Single(await fixture.Service.PublishedAsync<SessionRevoked>(), e => e.SessionId == machine.SessionId);
        Assert.Empty((await admin.Client.GetAsync("/api/api-keys"))["items"]!.AsArray());
        (await admin.Client.SendAsync(HttpMethod.Delete, $"/api/api-keys/{key.Id}", null)).Expect(404);
    }

    [Fact]
    public async Task A_key_can_do_no_more_than_its_owner_and_never_administers()
    {
        var admin = await market.AdminAsync();
        foreach (var role in new[] { "seeker", "operator", "admin" })
        {
            var reply = await admin.Client.PostAsync("/api/api-keys", new { name = "more", roles = new[] { "provider", role } });
            Assert.Equal("role-not-yours", reply.Expect(403).Problem);
        }

        Assert.NotNull((await admin.Client.PostAsync("/api/api-keys", new { name = "none", roles = Array.Empty<string>() })).Expect(400)["errors"]!["roles"]);
        Assert.NotNull((await admin.Client.PostAsync("/api/api-keys", new { roles = new[] { "provider" } })).Expect(400)["errors"]!["name"]);
        (await market.Nobody.PostAsync("/api/api-keys", new { name = "mine", roles = new[] { "provider" } })).Expect(401);
    }

    [Fact]
    public async Task Nobody_elses_key_can_be_revoked_and_none_that_was_never_made_exchanged()
    {
        var key = await MakeAsync(await market.AdminAsync());
        var other = await market.AdminAsync();
        (await other.Client.SendAsync(HttpMethod.Delete, $"/api/api-keys/{key.Id}", null)).Expect(404);
        (await ExchangeAsync(key.Secret)).Expect(200);
        Assert.Equal("api-key-worthless", (await ExchangeAsync("tmk_" + new string('a', 43))).Expect(401).Problem);
        Assert.NotNull((await ExchangeAsync("")).Expect(400)["errors"]!["apiKey"]);
    }

    [Fact]
    public async Task One_has_twenty_keys_at_most_even_when_they_are_made_at_once()
    {
        var admin = await market.AdminAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            admin.Client.PostAsync("/api/api-keys", new { name = $"key {i}", roles = new[] { "provider" } })));
        Assert.Equal(20, replies.Count(reply => reply.Status == 201));
        Assert.All(replies.Where(reply => reply.Status != 201), reply => Assert.Equal("too-many-api-keys", reply.Expect(409).Problem));
        (await admin.Client.SendAsync(HttpMethod.Delete, $"/api/api-keys/{replies.First(reply => reply.Status == 201).Id}", null)).Expect(204);
        await MakeAsync(admin);
    }

    static async Task<(Guid Id, string Secret)> MakeAsync(SignedIn owner)
    {
        var made = (await owner.Client.PostAsync("/api/api-keys", new { name = "feed", roles = new[] { "provider" } })).Expect(201);
        return (made.Id, (string)made["apiKey"]!);
    }

    Task<Reply> ExchangeAsync(string apiKey) => market.Nobody.PostAsync("/api/tokens/api-key", new { apiKey });
}

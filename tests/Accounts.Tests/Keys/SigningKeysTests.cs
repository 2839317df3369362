using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.Keys;

public sealed class SigningKeysTests(AccountsFixture fixture)
{
    [Fact]
    public async Task The_published_keys_verify_a_token_and_none_that_was_tampered_with()
    {
        var admin = await fixture.Market.AdminAsync();
        Assert.True(await IsGoodAsync(fixture.Market, admin.AccessToken));
        var parts = admin.AccessToken.Split('.');
        var forged = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!;
        forged["role"] = "operator";
        var tampered = $"{parts[0]}.{Base64UrlEncoder.Encode(forged.ToJsonString())}.{parts[2]}";
        Assert.False(await IsGoodAsync(fixture.Market, tampered));
        (await fixture.Market.With(tampered).GetAsync("/api/me")).Expect(401);
        Assert.False(await IsGoodAsync(fixture.Market, new TestTokens().Sign(TestPerson.Provider(), DateTimeOffset.UtcNow)));
    }

    [Fact]
    public async Task What_is_published_holds_no_private_part_and_says_where_it_is()
    {
        var keys = (await fixture.Market.Nobody.GetAsync("/.well-known/jwks.json")).Expect(200)["keys"]!.AsArray();
        Assert.All(keys, key =>
        {
            Assert.Null(key!["d"]);
            Assert.Equal(("EC", "P-256", "ES256"), ((string?)key["kty"], (string?)key["crv"], (string?)key["alg"]));
        });
        var discovery = (await fixture.Market.Nobody.GetAsync("/.well-known/openid-configuration")).Expect(200);
        Assert.Equal(("techmarket", $"{fixture.Service.Address}.well-known/jwks.json"), ((string?)discovery["issuer"], (string?)discovery["jwks_uri"]));
    }

    [Fact]
    public async Task A_new_key_signs_from_then_on_and_tokens_of_the_old_one_stay_good_while_they_live()
    {
        await using var market = await Market.StartAsync();
        var before = await market.AdminAsync();
        (await before.Client.PostAsync("/api/signing-keys", null)).Expect(403);
        (await market.Operator.PostAsync("/api/signing-keys", null)).Expect(204);
        var after = await market.AdminAsync();
        Assert.NotEqual(before.KeyId, after.KeyId);
        Assert.Equal([after.KeyId, before.KeyId], await KeyIdsAsync(market));
        foreach (var person in new[] { before, after })
        {
            Assert.True(await IsGoodAsync(market, person.AccessToken));
            (await person.Client.GetAsync("/api/me")).Expect(200);
        }

        await market.Service.RestartAsync();
        (await market.With(before.AccessToken).GetAsync("/api/me")).Expect(200);
        Assert.Equal(after.KeyId, market.Holding(
            (await market.Service.As(null).PostAsync("/api/tokens/refresh", new { before.RefreshToken })).Expect(200)).KeyId);

        market.Service.Clock.Advance(TimeSpan.FromHours(3));
        await market.Service.RestartAsync();
        Assert.Equal([after.KeyId], (await market.Service.As(null).GetAsync("/.well-known/jwks.json"))["keys"]!.AsArray().Select(key => (string?)key!["kid"]));
    }

    [Fact]
    public async Task Keys_put_in_use_at_once_leave_one_in_use()
    {
        await using var market = await Market.StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => market.Operator.PostAsync("/api/signing-keys", null)));
        Assert.All(replies, reply => reply.Expect(204));
        Assert.Single(await market.Service.RowsAsync<string>("select id from signing_key where retired_at is null"));
        Assert.Equal(7, (await KeyIdsAsync(market)).Count());
    }

    static async Task<IEnumerable<string?>> KeyIdsAsync(Market market) =>
        (await market.Nobody.GetAsync("/.well-known/jwks.json")).Expect(200)["keys"]!.AsArray().Select(key => (string?)key!["kid"]);

    static async Task<bool> IsGoodAsync(Market market, string token)
    {
        var jwks = (await market.Service.As(null).GetAsync("/.well-known/jwks.json")).Expect(200).Text;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "techmarket",
            ValidAudience = "techmarket",
            IssuerSigningKeys = new JsonWebKeySet(jwks).GetSigningKeys(),
        });
        return result.IsValid;
    }
}

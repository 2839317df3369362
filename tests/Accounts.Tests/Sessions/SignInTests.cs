using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.Sessions;

public sealed class SignInTests(AccountsFixture fixture)
{
    [Fact]
    public async Task Signing_in_gives_tokens_that_say_who_one_is()
    {
        var applicant = await fixture.Market.AdmitAsync("enterprise");
        var reply = (await fixture.Market.TrySignInAsync(applicant.Email.ToUpperInvariant())).Expect(200);
        Assert.Equal(("Bearer", 1800), ((string?)reply["tokenType"], (int)reply["expiresIn"]!));
        var admin = fixture.Market.Holding(reply);
        Assert.Equal(TimeSpan.FromMinutes(30), admin.Lifetime);
        Assert.Equal(applicant.OrganisationId, admin.OrganisationId);
        Assert.Equal((applicant.Uscc, "510100"), (admin.Organisation.Uscc, admin.Organisation.RegionCode));
        var me = (await admin.Client.GetAsync("/api/me")).Expect(200);
        Assert.Equal((admin.PersonId, applicant.Email), ((Guid)me["person"]!["id"]!, (string?)me["person"]!["email"]));
        Assert.Equal(applicant.OrganisationId, (Guid)me["organisation"]!["id"]!);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_answered_alike()
    {
        var applicant = await fixture.Market.ApplyAsync();
        var wrong = (await fixture.Market.TrySignInAsync(applicant.Email, "another password")).Expect(401);
        var unknown = (await fixture.Market.TrySignInAsync(Market.NewEmail())).Expect(401);
        Assert.Equal("sign-in-failed", wrong.Problem);
        Assert.Equal((wrong.Problem, (string?)wrong["title"]), (unknown.Problem, (string?)unknown["title"]));
    }

    [Theory]
    [InlineData("""{"password":"a long password"}""", "email")]
    [InlineData("""{"email":"a@example.org"}""", "password")]
    [InlineData("""{"email":"a@example.org","password":""}""", "password")]
    [InlineData("""{"email":5,"password":"a"}""", "email")]
    public async Task A_bad_field_is_named(string json, string field) =>
        Assert.NotNull((await fixture.Market.Nobody.PostTextAsync("/api/tokens", json)).Expect(400)["errors"]![field]);

    [Fact]
    public async Task Too_many_failures_lock_for_a_while_and_the_right_password_helps_again_later()
    {
        await using var market = await Market.StartAsync();
        var applicant = await market.ApplyAsync();
        for (var i = 0; i < 9; i++) (await market.TrySignInAsync(applicant.Email, "a wrong one")).Expect(401);
        (await market.TrySignInAsync(applicant.Email)).Expect(200);

        for (var i = 0; i < 10; i++) (await market.TrySignInAsync(applicant.Email, "a wrong one")).Expect(401);
        var locked = (await market.TrySignInAsync(applicant.Email)).Expect(401);
        Assert.Equal("sign-in-failed", locked.Problem);
        var other = await market.ApplyAsync();
        (await market.TrySignInAsync(other.Email)).Expect(200);

        market.Service.Clock.Advance(TimeSpan.FromMinutes(14));
        (await market.TrySignInAsync(applicant.Email)).Expect(401);
        market.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        (await market.TrySignInAsync(applicant.Email)).Expect(200);
    }

    [Fact]
    public async Task Failures_that_come_together_are_all_counted()
    {
        var applicant = await fixture.Market.ApplyAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => fixture.Market.TrySignInAsync(applicant.Email, "a wrong one")));
        (await fixture.Market.TrySignInAsync(applicant.Email)).Expect(401);
        Assert.Single(await fixture.Service.RowsAsync<Guid>("select id from person where email = @Email and locked_until > now()", applicant));
    }

    [Fact]
    public async Task The_first_operator_comes_from_the_settings_and_the_password_there_holds()
    {
        var settings = new Dictionary<string, string?> { ["Operator:Email"] = "First@Example.org", ["Operator:Password"] = "the first password" };
        await using var market = await Market.StartAsync(settings);
        var first = await market.SignInAsync("first@example.org", "the first password");
        Assert.Equal(["operator"], first.Roles);
        Assert.Null((await first.Client.GetAsync("/api/me")).Expect(200)["organisation"]);

        (await first.Client.PostAsync("/api/me/password", new { presentPassword = "the first password", password = "forgotten by now" })).Expect(204);
        await market.Service.RestartAsync();
        var nobody = market.Service.As(null);
        (await nobody.PostAsync("/api/tokens", new { email = "first@example.org", password = "forgotten by now" })).Expect(401);
        (await nobody.PostAsync("/api/tokens", new { email = "first@example.org", password = "the first password" })).Expect(200);
        Assert.Single(await market.Service.RowsAsync<Guid>("select id from person where roles = '{operator}'"));
    }
}

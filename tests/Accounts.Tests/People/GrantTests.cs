using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.People;

/// <summary>Who may give which role to whom.</summary>
public sealed class GrantTests(AccountsFixture fixture)
{
    static readonly string[] AllRoles =
    [
        "provider", "reviewer", "seeker", "broker", "expert", "commissioner", "officer", "financier", "registrar", "bureau", "auditor", "operator",
    ];

    readonly Market market = fixture.Market;

    [Theory]
    [InlineData("university", "provider", "reviewer", "expert", "commissioner")]
    [InlineData("institute", "provider", "reviewer", "expert", "commissioner")]
    [InlineData("hospital", "provider", "reviewer", "expert", "commissioner")]
    [InlineData("enterprise", "seeker", "provider", "expert")]
    [InlineData("broker", "broker")]
    [InlineData("service_agency", "broker")]
    [InlineData("financial_institution", "financier")]
    [InlineData("association", "officer")]
    [InlineData("registry", "registrar")]
    [InlineData("bureau", "bureau", "officer", "auditor")]
    public async Task An_administrator_grants_the_roles_of_the_kind_and_no_other(string kind, params string[] allowed)
    {
        var admin = await market.AdminAsync(kind);
        var (colleague, _) = await Market.AddAsync(admin, allowed);
        foreach (var role in AllRoles)
        {
            var added = await admin.Client.PostAsync("/api/users", Person(Market.NewEmail(), role));
            var invited = await admin.Client.PostAsync("/api/invitations", new { name = "顾长风", email = Market.NewEmail(), roles = new[] { role } });
            var set = await admin.Client.PostAsync($"/api/users/{colleague}/roles", new { roles = new[] { role } });
            if (allowed.Contains(role)) Assert.Equal((201, 201, 200), (added.Status, invited.Status, set.Status));
            else Assert.All([added, invited, set], reply => Assert.Equal("role-not-of-kind", reply.Expect(403).Problem));
        }
    }

    [Fact]
    public async Task One_role_that_may_not_be_granted_spoils_all()
    {
        var admin = await market.AdminAsync();
        var email = Market.NewEmail();
        (await admin.Client.PostAsync("/api/users", Person(email, "provider", "operator"))).Expect(403);
        (await market.TrySignInAsync(email)).Expect(401);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("king")]
    [InlineData("Provider")]
    public async Task What_is_no_role_to_grant_is_a_bad_field(string role)
    {
        var admin = await market.AdminAsync();
        Assert.NotNull((await admin.Client.PostAsync("/api/users", Person(Market.NewEmail(), "provider", role))).Expect(400)["errors"]!["roles[1]"]);
        Assert.NotNull((await admin.Client.PostAsync("/api/users", Person(Market.NewEmail()))).Expect(400)["errors"]!["roles"]);
    }

    [Fact]
    public async Task Operators_are_made_by_operators_alone_and_make_nobody_else()
    {
        var email = Market.NewEmail();
        Assert.Equal("role-not-of-kind", (await market.Operator.PostAsync("/api/users", Person(email, "provider"))).Expect(403).Problem);
        var made = (await market.Operator.PostAsync("/api/users", Person(email, "operator"))).Expect(201);
        Assert.Null(made["organisationId"]);
        var second = await market.SignInAsync(email);
        Assert.Equal(["operator"], second.Roles);
        (await second.Client.PostAsync("/api/users", Person(Market.NewEmail(), "operator"))).Expect(201);
        (await market.Operator.PostAsync($"/api/users/{made.Id}/roles", new { roles = new[] { "bureau" } })).Expect(403);
    }

    [Fact]
    public async Task Who_is_no_administrator_or_not_verified_adds_nobody()
    {
        var admin = await market.AdminAsync();
        var (_, email) = await Market.AddAsync(admin, "provider");
        var colleague = await market.SignInAsync(email);
        Assert.Equal("not-allowed", (await colleague.Client.PostAsync("/api/users", Person(Market.NewEmail(), "provider"))).Expect(403).Problem);
        (await colleague.Client.GetAsync("/api/users")).Expect(403);
        (await colleague.Client.PostAsync($"/api/users/{colleague.PersonId}/roles", new { roles = new[] { "reviewer" } })).Expect(403);
        (await market.Nobody.PostAsync("/api/users", Person(Market.NewEmail(), "provider"))).Expect(401);

        var pending = await market.SignInAsync((await market.ApplyAsync()).Email);
        Assert.Equal("organisation-not-verified", (await pending.Client.PostAsync("/api/users", Person(Market.NewEmail(), "provider"))).Expect(403).Problem);
    }

    [Fact]
    public async Task An_address_is_taken_once_in_the_whole_market()
    {
        var email = Market.NewEmail();
        var first = await market.AdminAsync();
        var second = await market.AdminAsync();
        var replies = await Task.WhenAll(new[] { first, second, first, second }.Select(admin =>
            admin.Client.PostAsync("/api/users", Person(email, "provider"))));
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply.Status != 201), reply => Assert.Equal("email-taken", reply.Expect(409).Problem));
    }

    static object Person(string email, params string[] roles) => new { name = "顾长风", email, password = Market.Password, roles };
}

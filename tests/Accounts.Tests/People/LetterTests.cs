using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.People;

/// <summary>Invitations, forgotten passwords and new addresses, by way of the letters that are written.</summary>
public sealed class LetterTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task Who_is_invited_sets_a_password_and_is_in()
    {
        var admin = await market.AdminAsync();
        var (id, email) = await InviteAsync(admin);
        (await market.TrySignInAsync(email)).Expect(401);
        var token = await market.Letters.TokenAsync(email, "invitation");
        Assert.NotNull((await AcceptAsync(token, "short")).Expect(400)["errors"]!["password"]);
        (await AcceptAsync(token, "a password of mine")).Expect(204);
        var invited = await market.SignInAsync(email, "a password of mine");
        Assert.Equal((id, admin.OrganisationId), (invited.PersonId, invited.OrganisationId));
        Assert.Equal(["expert"], invited.Roles);
        Assert.Equal("link-worthless", (await AcceptAsync(token, "another password")).Expect(409).Problem);
        (await market.TrySignInAsync(email, "another password")).Expect(401);
    }

    [Fact]
    public async Task A_letter_serves_the_purpose_it_was_written_for_alone()
    {
        var (_, email) = await InviteAsync(await market.AdminAsync());
        var token = await market.Letters.TokenAsync(email, "invitation");
        Assert.Equal("link-worthless", (await ResetAsync(token)).Expect(409).Problem);
        Assert.Equal("link-worthless", (await market.Nobody.PostAsync("/api/emails/confirmation", new { token })).Expect(409).Problem);
        (await AcceptAsync("never written", "a password of mine")).Expect(409);
        (await AcceptAsync(token, "a password of mine")).Expect(204);
    }

    [Fact]
    public async Task A_forgotten_password_is_set_anew_and_every_session_ends()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        (await ForgottenAsync(applicant.Email.ToUpperInvariant())).Expect(204);
        var token = await market.Letters.TokenAsync(applicant.Email, "password");
        (await ResetAsync(token)).Expect(204);
        (await admin.Client.GetAsync("/api/me")).Expect(401);
        (await market.RefreshAsync(admin.RefreshToken)).Expect(401);
        (await market.TrySignInAsync(applicant.Email)).Expect(401);
        (await market.TrySignInAsync(applicant.Email, "a new password")).Expect(200);
        Assert.Equal("link-worthless", (await ResetAsync(token)).Expect(409).Problem);
    }

    [Fact]
    public async Task A_new_password_makes_the_other_letters_worthless()
    {
        var applicant = await market.ApplyAsync();
        for (var i = 0; i < 2; i++) (await ForgottenAsync(applicant.Email)).Expect(204);
        var tokens = await Eventually.Async(() => Task.FromResult(market.Letters.Sent(applicant.Email, "password")), sent => sent.Count == 2);
        (await ResetAsync(tokens[0])).Expect(204);
        (await ResetAsync(tokens[1], "by somebody else")).Expect(409);
        (await market.TrySignInAsync(applicant.Email, "a new password")).Expect(200);
    }

    [Fact]
    public async Task An_unknown_address_is_answered_like_a_known_one_and_gets_no_letter()
    {
        var applicant = await market.ApplyAsync();
        var stranger = Market.NewEmail();
        var unknown = (await ForgottenAsync(stranger)).Expect(204);
        var known = (await ForgottenAsync(applicant.Email)).Expect(204);
        Assert.Equal(known.Text, unknown.Text);
        await market.Letters.TokenAsync(applicant.Email, "password");
        Assert.Equal(0, market.Letters.Count(stranger));
        Assert.NotNull((await ForgottenAsync("no address")).Expect(400)["errors"]!["email"]);
    }

    [Fact]
    public async Task A_new_password_ends_a_lock()
    {
        var applicant = await market.ApplyAsync();
        for (var i = 0; i < 10; i++) (await market.TrySignInAsync(applicant.Email, "a wrong one")).Expect(401);
        (await market.TrySignInAsync(applicant.Email)).Expect(401);
        (await ForgottenAsync(applicant.Email)).Expect(204);
        (await ResetAsync(await market.Letters.TokenAsync(applicant.Email, "password"))).Expect(204);
        (await market.TrySignInAsync(applicant.Email, "a new password")).Expect(200);
    }

    [Fact]
    public async Task A_letter_does_not_let_a_suspended_person_in()
    {
        var admin = await market.AdminAsync();
        var (id, email) = await Market.AddAsync(admin, "provider");
        (await ForgottenAsync(email)).Expect(204);
        var token = await market.Letters.TokenAsync(email, "password");
        (await admin.Client.PostAsync($"/api/users/{id}/suspension", new { reason = "离职" })).Expect(200);
        (await ResetAsync(token)).Expect(409);
        (await market.TrySignInAsync(email, "a new password")).Expect(401);
    }

    [Fact]
    public async Task Letters_grow_old()
    {
        await using var own = await Market.StartAsync();
        var applicant = await own.ApplyAsync();
        (await own.Nobody.PostAsync("/api/passwords/forgotten", new { email = applicant.Email })).Expect(204);
        var token = await own.Letters.TokenAsync(applicant.Email, "password");
        own.Service.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("link-worthless", (await own.Nobody.PostAsync("/api/passwords/reset", new { token, password = "a new password" })).Expect(409).Problem);
        (await own.TrySignInAsync(applicant.Email)).Expect(200);
    }

    [Fact]
    public async Task A_new_address_holds_once_its_letter_is_answered()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var email = Market.NewEmail();
        Assert.NotNull((await admin.Client.PostAsync("/api/me/email", new { email = "no address" })).Expect(400)["errors"]!["email"]);
        (await admin.Client.PostAsync("/api/me/email", new { email })).Expect(204);
        var token = await market.Letters.TokenAsync(email, "email");
        Assert.Equal(0, market.Letters.Count(applicant.Email));
        (await market.TrySignInAsync(email)).Expect(401);

        (await market.Nobody.PostAsync("/api/emails/confirmation", new { token })).Expect(204);
        Assert.Equal(admin.PersonId, (await market.SignInAsync(email)).PersonId);
        (await market.TrySignInAsync(applicant.Email)).Expect(401);
        (await market.Nobody.PostAsync("/api/emails/confirmation", new { token })).Expect(409);
    }

    [Fact]
    public async Task An_address_that_somebody_else_took_meanwhile_stays_theirs()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var email = Market.NewEmail();
        (await admin.Client.PostAsync("/api/me/email", new { email })).Expect(204);
        var token = await market.Letters.TokenAsync(email, "email");
        (await market.Nobody.PostAsync("/api/organisations", Market.SignUp(email: email))).Expect(201);
        Assert.Equal("email-taken", (await market.Nobody.PostAsync("/api/emails/confirmation", new { token })).Expect(409).Problem);
        Assert.NotEqual(admin.PersonId, (await market.SignInAsync(email)).PersonId);
        Assert.Equal(admin.PersonId, (await market.SignInAsync(applicant.Email)).PersonId);
    }

    [Fact]
    public async Task A_letter_to_the_old_address_is_worthless_once_the_new_one_holds()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        (await ForgottenAsync(applicant.Email)).Expect(204);
        var old = await market.Letters.TokenAsync(applicant.Email, "password");
        var email = Market.NewEmail();
        (await admin.Client.PostAsync("/api/me/email", new { email })).Expect(204);
        (await market.Nobody.PostAsync("/api/emails/confirmation", new { token = await market.Letters.TokenAsync(email, "email") })).Expect(204);
        (await ResetAsync(old)).Expect(409);
        (await market.TrySignInAsync(email)).Expect(200);
    }

    static async Task<(Guid Id, string Email)> InviteAsync(SignedIn admin)
    {
        var email = Market.NewEmail();
        var reply = (await admin.Client.PostAsync("/api/invitations", new { name = "顾长风", email, roles = new[] { "expert" } })).Expect(201);
        Assert.Equal("invited", (string?)reply["status"]);
        return (reply.Id, email);
    }

    Task<Reply> AcceptAsync(string token, string password) => market.Nobody.PostAsync("/api/invitations/acceptance", new { token, password });

    Task<Reply> ForgottenAsync(string email) => market.Nobody.PostAsync("/api/passwords/forgotten", new { email });

    Task<Reply> ResetAsync(string token, string password = "a new password") => market.Nobody.PostAsync("/api/passwords/reset", new { token, password });
}

using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.People;

public sealed class OwnDataTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task The_copy_of_ones_data_holds_person_sessions_keys_and_acts_and_nothing_of_others()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var (_, email) = await Market.AddAsync(admin, "provider");
        await market.SignInAsync(email);
        (await admin.Client.PostAsync("/api/api-keys", new { name = "my feed", roles = new[] { "provider" } })).Expect(201);

        var data = (await admin.Client.GetAsync("/api/me/data")).Expect(200);
        Assert.Equal((admin.PersonId, applicant.Email), ((Guid)data["person"]!["id"]!, (string?)data["person"]!["email"]));
        Assert.Equal(admin.SessionId, (Guid)Assert.Single(data["sessions"]!.AsArray())!["id"]!);
        Assert.Equal("my feed", (string?)Assert.Single(data["apiKeys"]!.AsArray())!["name"]);
        Assert.Equal(["api_key.made", "person.added"], data["acts"]!.AsArray().Select(act => (string?)act!["action"]));
        Assert.DoesNotContain(email, data.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", data.Text, StringComparison.OrdinalIgnoreCase);
        (await market.Nobody.GetAsync("/api/me/data")).Expect(401);
    }

    [Fact]
    public async Task One_corrects_ones_name()
    {
        var admin = await market.AdminAsync();
        (await admin.Client.PostAsync("/api/me/name", new { name = " 沈砚 " })).Expect(204);
        Assert.Equal("沈砚", (string?)(await admin.Client.GetAsync("/api/me"))["person"]!["name"]);
        Assert.NotNull((await admin.Client.PostAsync("/api/me/name", new { name = " " })).Expect(400)["errors"]!["name"]);
        Assert.NotNull((await admin.Client.PostAsync("/api/me/name", new { name = new string('沈', 61) })).Expect(400)["errors"]!["name"]);
    }

    [Fact]
    public async Task A_changed_password_needs_the_present_one_and_ends_every_session()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        var elsewhere = await market.SignInAsync(applicant.Email);
        var wrong = await admin.Client.PostAsync("/api/me/password", new { presentPassword = "not mine", password = "a new password" });
        Assert.Equal("present-password-wrong", wrong.Expect(409).Problem);
        Assert.NotNull((await admin.Client.PostAsync("/api/me/password", new { presentPassword = Market.Password, password = "short" }))
            .Expect(400)["errors"]!["password"]);
        (await admin.Client.GetAsync("/api/me")).Expect(200);

        (await admin.Client.PostAsync("/api/me/password", new { presentPassword = Market.Password, password = "a new password" })).Expect(204);
        (await admin.Client.GetAsync("/api/me")).Expect(401);
        (await elsewhere.Client.GetAsync("/api/me")).Expect(401);
        (await market.TrySignInAsync(applicant.Email)).Expect(401);
        (await market.TrySignInAsync(applicant.Email, "a new password")).Expect(200);
    }

    [Fact]
    public async Task Who_erases_himself_is_gone_and_nothing_names_him_any_more()
    {
        var admin = await market.AdminAsync();
        var (id, email) = await Market.AddAsync(admin, "provider");
        var person = await market.SignInAsync(email);
        var key = (string)(await person.Client.PostAsync("/api/api-keys", new { name = "feed", roles = new[] { "provider" } })).Expect(201)["apiKey"]!;
        var wanted = Market.NewEmail();
        (await person.Client.PostAsync("/api/me/email", new { email = wanted })).Expect(204);
        var letter = await market.Letters.TokenAsync(wanted, "email");

        (await person.Client.SendAsync(HttpMethod.Delete, "/api/me", null)).Expect(204);
        (await person.Client.GetAsync("/api/me")).Expect(401);
        (await market.TrySignInAsync(email)).Expect(401);
        (await market.Nobody.PostAsync("/api/tokens/api-key", new { apiKey = key })).Expect(401);
        (await market.Nobody.PostAsync("/api/emails/confirmation", new { token = letter })).Expect(409);
        Assert.Single(await fixture.Service.PublishedAsync<SessionRevoked>(), e => e.SessionId == person.SessionId);
        Assert.DoesNotContain((await admin.Client.GetAsync("/api/users"))["items"]!.AsArray(), item => (Guid)item!["id"]! == id);
        (await admin.Client.PostAsync($"/api/users/{id}/reinstatement", new { reason = "x" })).Expect(404);

        var kept = await fixture.Service.RowsAsync<string>(
            "select row(p.*)::text from person p where id = @id union all select row(m.*)::text from mail_token m where person_id = @id", new { id });
        Assert.All(kept, row =>
        {
            Assert.DoesNotContain("顾长风", row, StringComparison.Ordinal);
            Assert.DoesNotContain(email, row, StringComparison.Ordinal);
            Assert.DoesNotContain(wanted, row, StringComparison.Ordinal);
        });
        Assert.Equal(id, Assert.Single(await fixture.Service.RowsAsync<Guid>(
            "select actor from audit_log where action = 'person.erased' and subject = @subject", new { subject = id.ToString() })));
        (await market.Nobody.PostAsync("/api/organisations", Market.SignUp(email: email))).Expect(201);
    }

    [Fact]
    public async Task The_administrator_hands_over_before_it_erases_itself()
    {
        var applicant = await market.AdmitAsync();
        var admin = await market.SignInAsync(applicant.Email);
        Assert.Equal("person-is-admin", (await admin.Client.SendAsync(HttpMethod.Delete, "/api/me", null)).Expect(409).Problem);
        var (id, _) = await Market.AddAsync(admin, "provider");
        (await admin.Client.PostAsync($"/api/users/{id}/administration", null)).Expect(200);
        (await (await market.SignInAsync(applicant.Email)).Client.SendAsync(HttpMethod.Delete, "/api/me", null)).Expect(204);
        (await market.TrySignInAsync(applicant.Email)).Expect(401);
    }
}

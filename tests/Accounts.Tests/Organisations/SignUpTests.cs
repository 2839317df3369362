using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Accounts.Tests.Organisations;

public sealed class SignUpTests(AccountsFixture fixture)
{
    readonly Client nobody = fixture.Market.Nobody;

    [Fact]
    public async Task An_organisation_that_signs_up_waits_for_verification_and_is_announced()
    {
        var body = Market.SignUp("bureau");
        var reply = (await nobody.PostAsync("/api/organisations", body)).Expect(201);
        Assert.Equal($"/api/organisations/{reply.Id}", reply.Headers.Location!.ToString());
        Assert.Equal(("pending", "bureau", (string)body["uscc"]!), ((string)reply["status"]!, (string)reply["kind"]!, (string)reply["uscc"]!));
        Assert.DoesNotContain("example.org", reply.Text, StringComparison.Ordinal);

        var announced = Assert.Single(await fixture.Service.PublishedAsync<OrganisationChanged>(), e => e.OrganisationId == reply.Id);
        Assert.Equal((1, "pending", "510100"), (announced.Version, announced.Status, Assert.Single(announced.Jurisdiction)));
    }

    [Fact]
    public async Task Until_it_is_verified_only_itself_and_operators_see_it()
    {
        var applicant = await fixture.Market.ApplyAsync();
        var path = $"/api/organisations/{applicant.OrganisationId}";
        (await nobody.GetAsync(path)).Expect(404);
        (await fixture.Service.As(TestPerson.Provider()).GetAsync(path)).Expect(404);
        (await fixture.Market.Operator.GetAsync(path)).Expect(200);
        var admin = await fixture.Market.SignInAsync(applicant.Email);
        Assert.Equal("pending", (string?)(await admin.Client.GetAsync(path)).Expect(200)["status"]);
        Assert.False(admin.Organisation.Verified);
        Assert.Equal(["admin"], admin.Roles);

        await fixture.Market.VerifyAsync(applicant.OrganisationId);
        Assert.Equal("verified", (string?)(await nobody.GetAsync(path)).Expect(200)["status"]);
    }

    [Theory]
    [InlineData("name", "\"一\"", "name")]
    [InlineData("name", "null", "name")]
    [InlineData("kind", "\"club\"", "kind")]
    [InlineData("uscc", "\"12510100MA0000000\"", "uscc")]
    [InlineData("uscc", "\"12510100MA00000001\"", "uscc")]
    [InlineData("uscc", "\"12510100IO00000000\"", "uscc")]
    [InlineData("regionCode", "\"999999\"", "regionCode")]
    [InlineData("admin", "null", "admin")]
    [InlineData("admin", """{"name":"a","email":"a@example.org"}""", "admin.password")]
    [InlineData("admin", """{"name":"a","email":"a@example.org","password":"1234567"}""", "admin.password")]
    [InlineData("admin", """{"name":"a","email":"not an address","password":"12345678"}""", "admin.email")]
    [InlineData("admin", """{"name":"","email":"a@example.org","password":"12345678"}""", "admin.name")]
    [InlineData("status", "\"verified\"", "status")]
    public async Task A_bad_field_is_named(string field, string value, string named)
    {
        var body = Market.SignUp();
        body[field] = JsonNode.Parse(value);
        var reply = (await nobody.PostAsync("/api/organisations", body)).Expect(400);
        Assert.Equal("invalid-request", reply.Problem);
        Assert.NotNull(reply["errors"]![named]);
    }

    [Fact]
    public async Task The_check_character_of_the_code_must_be_right()
    {
        var uscc = TestPerson.NewUscc();
        var wrong = uscc[..17] + (uscc[17] == '0' ? '1' : '0');
        var reply = (await nobody.PostAsync("/api/organisations", Market.SignUp(uscc: wrong))).Expect(400);
        Assert.Equal("统一社会信用代码校验位不正确。", (string?)Assert.Single(reply["errors"]!["uscc"]!.AsArray()));
        (await nobody.PostAsync("/api/organisations", Market.SignUp(uscc: uscc))).Expect(201);
    }

    [Fact]
    public async Task A_code_is_taken_once_however_it_is_written()
    {
        var applicant = await fixture.Market.ApplyAsync();
        foreach (var uscc in new[] { applicant.Uscc, applicant.Uscc.ToLowerInvariant(), $" {applicant.Uscc} " })
        {
            var reply = await nobody.PostAsync("/api/organisations", Market.SignUp(uscc: uscc));
            Assert.Equal("organisation-already-here", reply.Expect(409).Problem);
        }
    }

    [Fact]
    public async Task An_address_is_taken_once_whatever_its_case_and_the_organisation_is_not_made()
    {
        var applicant = await fixture.Market.ApplyAsync();
        var body = Market.SignUp(email: applicant.Email.ToUpperInvariant());
        Assert.Equal("email-taken", (await nobody.PostAsync("/api/organisations", body)).Expect(409).Problem);
        Assert.Empty(await fixture.Service.RowsAsync<Guid>("select id from organisation where uscc = @uscc", new { uscc = (string)body["uscc"]! }));
    }

    [Fact]
    public async Task Of_ten_sign_ups_with_one_code_at_once_one_succeeds()
    {
        var uscc = TestPerson.NewUscc();
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => nobody.PostAsync("/api/organisations", Market.SignUp(uscc: uscc))));
        var first = Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply != first), reply => Assert.Equal("organisation-already-here", reply.Expect(409).Problem));
        Assert.Equal([first.Id], await fixture.Service.RowsAsync<Guid>("select id from organisation where uscc = @uscc", new { uscc }));
        Assert.Single(await fixture.Service.RowsAsync<Guid>("select id from person where organisation_id = @Id", new { first.Id }));
    }

    [Fact]
    public async Task Of_ten_sign_ups_with_one_address_at_once_one_succeeds()
    {
        var email = Market.NewEmail();
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => nobody.PostAsync("/api/organisations", Market.SignUp(email: email))));
        var first = Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply != first), reply => Assert.Equal("email-taken", reply.Expect(409).Problem));
        Assert.Equal(first.Id, (await fixture.Market.SignInAsync(email)).OrganisationId);
    }

    [Fact]
    public async Task The_password_is_kept_nowhere_as_it_is()
    {
        var applicant = await fixture.Market.ApplyAsync();
        var rows = await fixture.Service.RowsAsync<string>("select row(p.*)::text from person p where email = @Email", applicant);
        Assert.DoesNotContain(Market.Password, Assert.Single(rows), StringComparison.Ordinal);
        Assert.Empty(await fixture.Service.RowsAsync<long>("select position from outbox where body::text like @text", new { text = $"%{Market.Password}%" }));
        Assert.Empty(await fixture.Service.RowsAsync<long>("select position from audit_log where detail like @text", new { text = $"%{Market.Password}%" }));
    }
}

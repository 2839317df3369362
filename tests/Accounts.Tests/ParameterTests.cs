using Xunit;

namespace TechMarket.Accounts.Tests;

public sealed class ParameterTests(AccountsFixture fixture)
{
    [Fact]
    public async Task An_unknown_parameter_is_refused_by_its_field()
    {
        var reply = await fixture.Service.As(TestKit.TestPerson.Operator()).PostAsync("/api/parameters/accounts",
            new { id = "no.such", value = "1", validFrom = "2026-01-01", source = "test" });
        reply.Expect(400);
        Assert.NotNull(reply["errors"]!["id"]);
    }

    [Fact]
    public async Task Only_an_operator_sets_parameters()
    {
        (await fixture.Service.As(null).PostAsync("/api/parameters/accounts", new { })).Expect(401);
        Assert.Equal("not-allowed", (await fixture.Service.As(TestKit.TestPerson.Bureau()).PostAsync("/api/parameters/accounts", new { })).Expect(403).Problem);
    }
}

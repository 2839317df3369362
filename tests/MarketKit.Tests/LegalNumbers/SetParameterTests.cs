using System.Text.Json.Nodes;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests.LegalNumbers;

public sealed class SetParameterTests(ParameterFixture fixture)
{
    [Theory]
    [InlineData("kind.days", "0")]
    [InlineData("kind.days", "1000000000")]
    [InlineData("kind.share", "0.7")]
    [InlineData("kind.share", "1")]
    [InlineData("kind.flag", "true")]
    [InlineData("kind.flag", "false")]
    [InlineData("kind.text", "四眼原则")]
    public async Task A_value_of_the_shipped_kind_is_taken(string id, string value)
    {
        var reply = (await fixture.SetAsync(id, value, "2026-02-01", "an order of the county")).Expect(201);
        Assert.Equal(value, (string?)reply["value"]);
        Assert.Equal("2026-02-01", (string?)reply["validFrom"]);
        Assert.Equal("an order of the county", (string?)reply["source"]);
        Assert.Equal("operator", (string?)reply["setBy"]);
        Assert.Equal("/api/parameters/numbers", reply.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("kind.days", "-1")]
    [InlineData("kind.days", "1.5")]
    [InlineData("kind.days", "1e3")]
    [InlineData("kind.days", "1,000")]
    [InlineData("kind.days", "+5")]
    [InlineData("kind.days", "true")]
    [InlineData("kind.days", "fifteen")]
    [InlineData("kind.days", "１５")]
    [InlineData("kind.days", "1000000001")]
    [InlineData("kind.days", "99999999999999999999")]
    [InlineData("kind.share", "-0.5")]
    [InlineData("kind.share", "50%")]
    [InlineData("kind.share", "0,5")]
    [InlineData("kind.share", "half")]
    [InlineData("kind.flag", "True")]
    [InlineData("kind.flag", "1")]
    [InlineData("kind.flag", "yes")]
    public async Task A_value_of_another_kind_is_refused(string id, string value)
    {
        var reply = (await fixture.SetAsync(id, value, "2026-02-01")).Expect(400);
        Assert.Equal(["value"], reply["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once()
    {
        var reply = (await fixture.SetAsync(null, " ", null, "")).Expect(400);
        Assert.Equal(["id", "source", "validFrom", "value"], reply["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_service_does_not_ship_cannot_be_set()
    {
        var reply = (await fixture.SetAsync("kind.Days", "5", "2026-02-01")).Expect(400);
        Assert.Equal(["id"], reply["errors"]!.AsObject().Select(error => error.Key));
        Assert.Empty(await fixture.Service.RowsAsync<string>("select value from parameter where id = 'kind.Days'"));
    }

    [Fact]
    public async Task Nobody_but_an_operator_sets_and_anyone_reads()
    {
        var request = new { id = "kind.days", value = "5", validFrom = "2026-02-01", source = "x" };
        (await fixture.Service.As(null).PostAsync("/api/parameters/numbers", request)).Expect(401);
        (await fixture.Service.As(TestPerson.Bureau()).PostAsync("/api/parameters/numbers", request)).Expect(403);
        (await fixture.Service.As(null).GetAsync("/api/parameters/numbers")).Expect(200);
    }

    [Fact]
    public async Task The_list_shows_what_is_shipped_with_its_bands_and_then_what_was_set()
    {
        (await fixture.SetAsync("list.days", "12", "2026-07-01", "an order")).Expect(201);
        (await fixture.SetAsync("list.days", "10", "2026-06-01", "another order")).Expect(201);
        var items = (await fixture.Service.As(null).GetAsync("/api/parameters/numbers")).Expect(200)["items"]!.AsArray();
        Assert.Equal(["15 2015-10-01 shipped PTSTA art. 18; R2.3", "10 2026-06-01 operator another order", "12 2026-07-01 operator an order"],
            Of(items, "list.days").Select(item => $"{item["value"]} {item["validFrom"]} {item["setBy"]} {item["source"]}"));
        Assert.Equal([null, "1000000.00", "10000000.01"], Of(items, "read.noticeWd").Select(item => (string?)item["fromAmount"]?["amount"]));
    }

    [Fact]
    public async Task Who_set_what_is_written_down()
    {
        var someone = TestPerson.Operator();
        (await fixture.Service.As(someone).PostAsync("/api/parameters/numbers",
            new { id = "kind.days", value = "11", validFrom = "2026-02-01", source = "an order" })).Expect(201);
        Assert.Equal(["parameter.set kind.days 11"], await fixture.Service.RowsAsync<string>(
            "select action || ' ' || subject || ' ' || (detail::jsonb ->> 'value') from audit_log where actor = @PersonId", new { someone.PersonId }));
        Assert.Equal([someone.PersonId], await fixture.Service.RowsAsync<Guid>(
            "select set_by from parameter where id = 'kind.days' and value = '11'"));
    }

    static IEnumerable<JsonNode> Of(JsonArray items, string id) => items.Where(item => (string?)item!["id"] == id).Select(item => item!);
}

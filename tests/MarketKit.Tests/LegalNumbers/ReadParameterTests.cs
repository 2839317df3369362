using Xunit;

namespace TechMarket.MarketKit.Tests.LegalNumbers;

/// <summary>Which value holds when an operator may have set one.</summary>
public sealed class ReadParameterTests(ParameterFixture fixture)
{
    static readonly DateOnly Today = new(2026, 5, 8);

    CancellationToken Ct { get; } = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_set_is_as_it_was_shipped()
    {
        Assert.Equal("numbers", fixture.Parameters.Service);
        Assert.Equal(15, await fixture.Parameters.IntegerAsync("read.days", new DateOnly(2026, 2, 28), Ct));
        Assert.Equal(20, await fixture.Parameters.IntegerAsync("read.days", new DateOnly(2026, 3, 1), Ct));
        Assert.Equal(5, await fixture.Parameters.IntegerAsync("read.noticeWd", Today, Ct));
        Assert.Equal(10, await fixture.Parameters.IntegerAsync("read.noticeWd", Today, Ct, 10_000_000m));
        Assert.Equal(20, await fixture.Parameters.IntegerAsync("read.noticeWd", Today, Ct, 10_000_000.01m));
        Assert.Equal(0.50m, await fixture.Parameters.DecimalAsync("read.share", Today, Ct));
        Assert.False(await fixture.Parameters.FlagAsync("read.countPublicationDay", Today, Ct));
    }

    [Fact]
    public async Task A_value_that_must_be_there_and_is_not_is_a_fault_that_names_it()
    {
        Assert.Null(await fixture.Parameters.FindAsync("read.days", new DateOnly(2015, 9, 30), Ct));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            fixture.Parameters.IntegerAsync("read.days", new DateOnly(2015, 9, 30), Ct));
        Assert.Equal("The parameter read.days has no value on 2015-09-30.", fault.Message);
    }

    [Fact]
    public async Task An_operator_beats_every_shipped_value_from_his_own_first_day_on()
    {
        (await fixture.SetAsync("over.days", "3", "2026-01-10")).Expect(201);
        Assert.Equal("15", await fixture.Parameters.FindAsync("over.days", new DateOnly(2026, 1, 9), Ct));
        Assert.Equal("3", await fixture.Parameters.FindAsync("over.days", new DateOnly(2026, 1, 10), Ct));
        // The shipped value of March is younger than the operator's and still gives way to it.
        Assert.Equal("3", await fixture.Parameters.FindAsync("over.days", new DateOnly(2026, 3, 1), Ct));

        (await fixture.SetAsync("over.days", "4", "2026-06-01")).Expect(201);
        Assert.Equal("3", await fixture.Parameters.FindAsync("over.days", new DateOnly(2026, 5, 31), Ct));
        Assert.Equal("4", await fixture.Parameters.FindAsync("over.days", new DateOnly(2026, 6, 1), Ct));
    }

    [Fact]
    public async Task A_value_may_be_set_for_days_that_are_over_and_for_days_before_every_rule()
    {
        (await fixture.SetAsync("back.days", "9", "2026-05-01")).Expect(201);
        (await fixture.SetAsync("back.days", "8", "2026-04-01")).Expect(201);
        (await fixture.SetAsync("back.days", "7", "2010-01-01")).Expect(201);
        Assert.Null(await fixture.Parameters.FindAsync("back.days", new DateOnly(2009, 12, 31), Ct));
        Assert.Equal("7", await fixture.Parameters.FindAsync("back.days", new DateOnly(2010, 1, 1), Ct));
        Assert.Equal("7", await fixture.Parameters.FindAsync("back.days", new DateOnly(2026, 3, 31), Ct));
        Assert.Equal("8", await fixture.Parameters.FindAsync("back.days", new DateOnly(2026, 4, 30), Ct));
        Assert.Equal("9", await fixture.Parameters.FindAsync("back.days", Today, Ct));
    }

    [Fact]
    public async Task The_first_and_the_last_day_there_are_may_be_named()
    {
        (await fixture.SetAsync("ever.days", "1", "0001-01-01")).Expect(201);
        (await fixture.SetAsync("ever.days", "2", "9999-12-31")).Expect(201);
        Assert.Equal("1", await fixture.Parameters.FindAsync("ever.days", DateOnly.MinValue, Ct));
        Assert.Equal("1", await fixture.Parameters.FindAsync("ever.days", Today, Ct));
        Assert.Equal("2", await fixture.Parameters.FindAsync("ever.days", DateOnly.MaxValue, Ct));
        Assert.Contains("\"validFrom\":\"0001-01-01\"", (await fixture.Service.As(null).GetAsync("/api/parameters/numbers")).Expect(200).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_values_for_the_same_day_the_one_set_last_holds_and_the_other_is_kept()
    {
        foreach (var value in new[] { "5", "6", "4" }) (await fixture.SetAsync("again.days", value, "2026-01-01")).Expect(201);
        Assert.Equal("4", await fixture.Parameters.FindAsync("again.days", Today, Ct));
        Assert.Equal(["5", "6", "4"], await fixture.Service.RowsAsync<string>("select value from parameter where id = 'again.days' order by set_at"));
    }

    [Fact]
    public async Task A_single_value_replaces_a_whole_band()
    {
        (await fixture.SetAsync("band.noticeWd", "0", "2026-01-01")).Expect(201);
        foreach (var amount in new[] { 0m, 1_000_000m, 10_000_000.01m, Money.AmountMax })
        {
            Assert.Equal(0, await fixture.Parameters.IntegerAsync("band.noticeWd", Today, Ct, amount));
            Assert.Equal(amount > 10_000_000m ? 20 : 5, await fixture.Parameters.IntegerAsync("band.noticeWd", new DateOnly(2025, 12, 31), Ct, amount));
        }
    }
}

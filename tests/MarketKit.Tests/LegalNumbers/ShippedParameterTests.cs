using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests.LegalNumbers;

/// <summary>Which of the shipped values holds.</summary>
public sealed class ShippedParameterTests
{
    static readonly ShippedParameter[] Shipped =
    [
        new("tcr.deadlineDays", "30", new(2000, 2, 16), "TCR00"),
        new("tcr.deadlineDays", "0", new(2026, 3, 1), "TCR26"),
        new("listing.noticeWd", "20", new(2016, 6, 24), "O32", 10_000_000.01m),
        new("listing.noticeWd", "5", new(2016, 6, 24), "unsourced"),
        new("listing.noticeWd", "10", new(2016, 6, 24), "O32", 1_000_000m),
        new("listing.noticeWd", "7", new(2030, 1, 1), "a rule to come", 1_000_000m),
    ];

    [Theory]
    [InlineData(2000, 2, 15, null)]
    [InlineData(2000, 2, 16, "30")]
    [InlineData(2026, 2, 28, "30")]
    [InlineData(2026, 3, 1, "0")]
    [InlineData(2099, 1, 1, "0")]
    public void A_value_holds_from_its_day_until_the_next_one_does(int year, int month, int day, string? value) =>
        Assert.Equal(value, Parameters.Pick(Shipped, "tcr.deadlineDays", new DateOnly(year, month, day), 0));

    [Theory]
    [InlineData("0", "5")]
    [InlineData("999999.99", "5")]
    [InlineData("1000000.00", "10")]
    [InlineData("10000000.00", "10")]
    [InlineData("10000000.01", "20")]
    [InlineData("999999999999.99", "20")]
    public void A_band_holds_from_its_lowest_amount_until_the_next_one_does(string amount, string value) =>
        Assert.Equal(value, Parameters.Pick(Shipped, "listing.noticeWd", new DateOnly(2026, 5, 8), decimal.Parse(amount,
            System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_newer_value_beats_an_older_band_that_reaches_higher() =>
        Assert.Equal("7", Parameters.Pick(Shipped, "listing.noticeWd", new DateOnly(2030, 1, 1), 20_000_000m));

    [Fact]
    public void A_newer_band_leaves_what_lies_below_it_as_it_was() =>
        Assert.Equal("5", Parameters.Pick(Shipped, "listing.noticeWd", new DateOnly(2030, 1, 1), 999_999.99m));

    [Theory]
    [InlineData("tcr.deadlinedays")]
    [InlineData("tcr")]
    [InlineData("")]
    public void What_is_not_shipped_has_no_value(string id) => Assert.Null(Parameters.Pick(Shipped, id, new DateOnly(2026, 5, 8), 0));

    [Fact]
    public void The_order_in_the_file_decides_nothing() => Randomly.Run(100, random =>
    {
        var shuffled = Shipped.ToArray();
        random.Shuffle(shuffled);
        var on = new DateOnly(1999, 1, 1).AddDays(random.Next(13_000));
        var amount = random.Next(20_000_000);
        foreach (var id in new[] { "tcr.deadlineDays", "listing.noticeWd" })
            Assert.Equal(Parameters.Pick(Shipped, id, on, amount), Parameters.Pick(shuffled, id, on, amount));
    });
}

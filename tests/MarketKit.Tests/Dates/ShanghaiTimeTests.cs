using System.Globalization;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests.Dates;

public sealed class ShanghaiTimeTests
{
    [Theory]
    [InlineData("2026-05-07T15:59:59.9999999Z", "2026-05-07")]
    [InlineData("2026-05-07T16:00:00Z", "2026-05-08")]
    [InlineData("2026-05-08T00:00:00+08:00", "2026-05-08")]
    [InlineData("2026-05-07T23:59:59+08:00", "2026-05-07")]
    [InlineData("2025-12-31T16:00:00Z", "2026-01-01")]
    [InlineData("2026-05-07T09:00:00-07:00", "2026-05-08")]
    [InlineData("2026-07-01T15:59:59Z", "2026-07-01")] // no summer time
    public void The_day_changes_at_midnight_in_Shanghai(string time, string day) =>
        Assert.Equal(Day(day), ShanghaiTime.DateOf(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_day_lasts_from_its_midnight_to_the_next_in_universal_time()
    {
        Assert.Equal(new DateTimeOffset(2026, 5, 6, 16, 0, 0, TimeSpan.Zero), ShanghaiTime.StartOf(Day("2026-05-07")));
        Assert.Equal(new DateTimeOffset(2026, 5, 7, 16, 0, 0, TimeSpan.Zero), ShanghaiTime.EndOf(Day("2026-05-07")));
        Assert.Equal(TimeSpan.Zero, ShanghaiTime.StartOf(Day("2026-05-07")).Offset);
        Assert.Equal(TimeSpan.Zero, ShanghaiTime.EndOf(Day("2026-05-07")).Offset);
    }

    [Fact]
    public void Every_moment_lies_in_its_own_day() => Randomly.Run(300, random =>
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 730))
            .ToOffset(TimeSpan.FromHours(random.Next(-12, 15)));
        var day = ShanghaiTime.DateOf(time);
        Assert.InRange(time.UtcTicks, ShanghaiTime.StartOf(day).UtcTicks, ShanghaiTime.EndOf(day).UtcTicks - 1);
        Assert.Equal(ShanghaiTime.EndOf(day), ShanghaiTime.StartOf(day.AddDays(1)));
    });

    [Theory]
    [InlineData("2026", "2026-01-01", "2027-01-01")]
    [InlineData("2026-H1", "2026-01-01", "2026-07-01")]
    [InlineData("2026-H2", "2026-07-01", "2027-01-01")]
    [InlineData("2026-Q1", "2026-01-01", "2026-04-01")]
    [InlineData("2026-Q2", "2026-04-01", "2026-07-01")]
    [InlineData("2026-Q3", "2026-07-01", "2026-10-01")]
    [InlineData("2026-Q4", "2026-10-01", "2027-01-01")]
    [InlineData("2026-01", "2026-01-01", "2026-02-01")]
    [InlineData("2028-02", "2028-02-01", "2028-03-01")]
    [InlineData("2026-12", "2026-12-01", "2027-01-01")]
    [InlineData("1999", "1999-01-01", "2000-01-01")]
    public void A_period_is_a_year_a_half_a_quarter_or_a_month(string text, string from, string to) =>
        Assert.Equal((Day(from), Day(to)), ShanghaiTime.Period(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("26")]
    [InlineData("1899")]
    [InlineData("2100")]
    [InlineData("20260")]
    [InlineData("2026-")]
    [InlineData("2026-0")]
    [InlineData("2026-00")]
    [InlineData("2026-13")]
    [InlineData("2026-1")]
    [InlineData("2026-001")]
    [InlineData("2026-H0")]
    [InlineData("2026-H3")]
    [InlineData("2026-Q0")]
    [InlineData("2026-Q5")]
    [InlineData("2026-q1")]
    [InlineData("2026Q1")]
    [InlineData("2026-Q1-01")]
    [InlineData("2026-05-07")]
    [InlineData(" 2026")]
    [InlineData("2026 ")]
    [InlineData("2026\n")]
    [InlineData("２０２６")]
    public void Anything_else_is_none(string? text) => Assert.Null(ShanghaiTime.Period(text));

    [Fact]
    public void Months_make_quarters_quarters_halves_and_halves_years() => Randomly.Run(50, random =>
    {
        var year = random.Next(1900, 2100);
        var months = Enumerable.Range(1, 12).Select(month => ShanghaiTime.Period($"{year}-{month:00}")!.Value).ToArray();
        var quarters = Enumerable.Range(1, 4).Select(quarter => ShanghaiTime.Period($"{year}-Q{quarter}")!.Value).ToArray();
        var halves = Enumerable.Range(1, 2).Select(half => ShanghaiTime.Period($"{year}-H{half}")!.Value).ToArray();
        Assert.Equal(quarters, months.Chunk(3).Select(part => (part[0].From, part[^1].To)));
        Assert.Equal(halves, quarters.Chunk(2).Select(part => (part[0].From, part[^1].To)));
        Assert.Equal(ShanghaiTime.Period($"{year}"), (halves[0].From, halves[1].To));
        Assert.Equal(months.Skip(1).Select(month => month.From), months.SkipLast(1).Select(month => month.To));
    });

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

using System.Globalization;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests.Dates;

public sealed class WorkingDaysTests
{
    [Theory]
    [InlineData("2026-04-30", true)] // Thursday
    [InlineData("2026-05-01", false)] // Friday, Labour Day
    [InlineData("2026-05-02", false)] // Saturday
    [InlineData("2026-05-05", false)] // Tuesday, Labour Day holiday
    [InlineData("2026-05-06", true)] // Wednesday
    [InlineData("2026-05-09", true)] // Saturday that makes up for it
    [InlineData("2026-05-10", false)] // Sunday
    [InlineData("2025-10-08", false)] // Wednesday, the last day of a long holiday
    [InlineData("2025-09-28", true)] // Sunday that makes up for it
    [InlineData("2024-02-18", true)] // Sunday after the Spring Festival
    public void A_day_is_worked_as_the_State_Council_says(string day, bool works) => Assert.Equal(works, WorkingDays.IsWorkingDay(Day(day)));

    /// <summary>Days of the year less Saturdays and Sundays less statutory holidays: eleven until 2024, thirteen since.</summary>
    [Theory]
    [InlineData(2024, 366 - 104 - 11)]
    [InlineData(2025, 365 - 104 - 13)]
    [InlineData(2026, 365 - 104 - 13)]
    [InlineData(2027, 365 - 104)] // not announced: weekends alone
    public void A_year_has_so_many_working_days(int year, int count) =>
        Assert.Equal(count, Year(year).Count(WorkingDays.IsWorkingDay));

    [Fact]
    public void The_data_file_names_only_exceptions_and_each_once()
    {
        var rows = DataFile.Rows("working_days.csv");
        Assert.Equal(rows.Length, rows.Select(row => row[0]).Distinct().Count());
        Assert.All(rows, row => Assert.Equal(
            Day(row[0]).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? "working_weekend" : "rest_weekday", row[1]));
        Assert.All(rows, row => Assert.Equal(row[1] == "working_weekend", WorkingDays.IsWorkingDay(Day(row[0]))));
        Assert.Equal([2024, 2025, 2026], rows.Select(row => Day(row[0]).Year).Distinct());
    }

    /// <summary>R2.4 with the fifteen days of the publicity period.</summary>
    [Theory]
    [InlineData("2025-03-03", "2025-03-18")]
    [InlineData("2025-09-20", "2025-10-09")]
    [InlineData("2026-04-20", "2026-05-06")]
    [InlineData("2025-02-07", "2025-02-24")]
    public void Calendar_days_that_end_on_a_day_of_rest_end_on_the_next_working_day(string from, string last) =>
        Assert.Equal(new Deadline(Day(last), false), WorkingDays.AfterDays(Day(from), 15));

    [Fact]
    public void A_weekend_that_is_worked_does_not_move_a_deadline() =>
        Assert.Equal(new Deadline(Day("2026-05-09"), false), WorkingDays.AfterDays(Day("2026-05-02"), 7));

    /// <summary>R4.2.</summary>
    [Theory]
    [InlineData("2025-09-15", 20, "2025-10-17", "2025-10-16")]
    [InlineData("2025-09-15", 10, "2025-09-28", "2025-09-26")]
    [InlineData("2026-04-20", 10, "2026-05-07", "2026-05-06")]
    [InlineData("2026-04-20", 20, "2026-05-20", "2026-05-19")]
    public void A_notice_in_working_days_runs_from_the_day_after_or_from_the_day_itself(string from, int days, string after, string including)
    {
        Assert.Equal(new Deadline(Day(after), false), WorkingDays.AfterWorkingDays(Day(from), days));
        Assert.Equal(new Deadline(Day(including), false), WorkingDays.AfterWorkingDays(Day(from), days, countFirstDay: true));
    }

    /// <summary>The deal of appendix B from its auction to its registration.</summary>
    [Theory]
    [InlineData("2026-05-08", 3, "2026-05-12")]
    [InlineData("2026-05-08", 5, "2026-05-14")]
    [InlineData("2026-05-14", 5, "2026-05-21")]
    [InlineData("2026-05-22", 15, "2026-06-12")]
    [InlineData("2026-05-22", 30, "2026-07-06")]
    public void The_deadlines_of_a_deal_are_those_of_the_field(string from, int days, string last) =>
        Assert.Equal(new Deadline(Day(last), false), WorkingDays.AfterWorkingDays(Day(from), days));

    [Theory]
    [InlineData("2026-05-08")]
    [InlineData("2026-05-10")]
    public void No_days_at_all_end_on_the_day_itself_even_if_it_rests(string day)
    {
        Assert.Equal(Day(day), WorkingDays.AfterDays(Day(day), 0).LastDay);
        Assert.Equal(Day(day), WorkingDays.AfterWorkingDays(Day(day), 0).LastDay);
        Assert.Equal(Day(day), WorkingDays.AfterWorkingDays(Day(day), 0, countFirstDay: true).LastDay);
    }

    [Fact]
    public void A_first_day_counts_only_if_it_is_worked()
    {
        Assert.Equal(Day("2026-05-08"), WorkingDays.AfterWorkingDays(Day("2026-05-08"), 1, countFirstDay: true).LastDay);
        Assert.Equal(Day("2026-05-11"), WorkingDays.AfterWorkingDays(Day("2026-05-10"), 1, countFirstDay: true).LastDay);
        Assert.Equal(Day("2026-05-09"), WorkingDays.AfterWorkingDays(Day("2026-05-09"), 1, countFirstDay: true).LastDay);
    }

    [Fact]
    public void There_are_no_negative_periods()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkingDays.AfterDays(Day("2026-05-08"), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkingDays.AfterWorkingDays(Day("2026-05-08"), -1));
    }

    [Theory]
    [InlineData("2026-12-21", 8, "2026-12-31", false)]
    [InlineData("2026-12-21", 9, "2027-01-01", true)] // surely a holiday, but nobody has announced it
    [InlineData("2027-04-30", 3, "2027-05-05", true)]
    [InlineData("2023-12-29", 1, "2024-01-02", true)]
    [InlineData("2025-12-31", 1, "2026-01-04", false)]
    public void A_deadline_through_a_year_that_is_not_announced_counts_weekends_alone_and_says_so(string from, int days, string last, bool provisional) =>
        Assert.Equal(new Deadline(Day(last), provisional), WorkingDays.AfterWorkingDays(Day(from), days));

    [Theory]
    [InlineData("2026-12-15", 15, "2026-12-30", false)]
    [InlineData("2026-12-17", 15, "2027-01-01", true)]
    [InlineData("2027-04-16", 15, "2027-05-03", true)]
    [InlineData("2023-12-20", 15, "2024-01-04", true)]
    public void Calendar_days_through_such_a_year_are_provisional_too(string from, int days, string last, bool provisional) =>
        Assert.Equal(new Deadline(Day(last), provisional), WorkingDays.AfterDays(Day(from), days));

    [Fact]
    public void So_many_working_days_lie_between_an_event_and_its_deadline() => Randomly.Run(400, random =>
    {
        var from = AnyDay(random);
        var days = random.Next(1, 80);
        var last = WorkingDays.AfterWorkingDays(from, days).LastDay;
        Assert.True(WorkingDays.IsWorkingDay(last));
        Assert.Equal(days, Days(from.AddDays(1), last).Count(WorkingDays.IsWorkingDay));
        var including = WorkingDays.AfterWorkingDays(from, days, countFirstDay: true).LastDay;
        Assert.True(WorkingDays.IsWorkingDay(including));
        Assert.Equal(days, Days(from, including).Count(WorkingDays.IsWorkingDay));
    });

    [Fact]
    public void A_calendar_deadline_is_the_first_working_day_not_before_its_time() => Randomly.Run(400, random =>
    {
        var from = AnyDay(random);
        var days = random.Next(1, 80);
        var last = WorkingDays.AfterDays(from, days).LastDay;
        Assert.True(WorkingDays.IsWorkingDay(last));
        Assert.True(last >= from.AddDays(days));
        Assert.DoesNotContain(Days(from.AddDays(days), last.AddDays(-1)), WorkingDays.IsWorkingDay);
    });

    [Fact]
    public void Two_periods_in_working_days_make_one() => Randomly.Run(200, random =>
    {
        var from = AnyDay(random);
        var (first, second) = (random.Next(0, 30), random.Next(0, 30));
        Assert.Equal(WorkingDays.AfterWorkingDays(from, first + second).LastDay,
            WorkingDays.AfterWorkingDays(WorkingDays.AfterWorkingDays(from, first).LastDay, second).LastDay);
    });

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateOnly AnyDay(Random random) => new DateOnly(2023, 10, 1).AddDays(random.Next(1400));

    static IEnumerable<DateOnly> Year(int year) => Days(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));

    static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1)) yield return day;
    }
}

using System.Collections.Frozen;
using System.Globalization;

namespace TechMarket.MarketKit;

/// <summary>A legal deadline: the last day on which it can be met.</summary>
/// <param name="LastDay">Until 24:00 of this day in Shanghai.</param>
/// <param name="Provisional">The State Council has not announced the calendar of a year it runs through; weekends alone were counted.</param>
public sealed record Deadline(DateOnly LastDay, bool Provisional);

/// <summary>The State Council's calendar of working days, and how legal periods are counted with it.</summary>
public static class WorkingDays
{
    static readonly FrozenDictionary<DateOnly, bool> Exceptions = DataFiles.Rows("working_days.csv").ToFrozenDictionary(
        row => DateOnly.ParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture), row => row[1] == "working_weekend");

    static readonly FrozenSet<int> Years = Exceptions.Keys.Select(day => day.Year).ToFrozenSet();

    /// <summary>True when a day is worked: a weekday that does not rest, or a weekend day that works.</summary>
    public static bool IsWorkingDay(DateOnly day) =>
        Exceptions.TryGetValue(day, out var works) ? works : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The last of a number of working days after an event; the day of the event is not counted (CC art. 201) unless asked for
    /// (<c>listing.countPublicationDay</c>, R4.2). None at all ends on the day itself.</summary>
    public static Deadline AfterWorkingDays(DateOnly from, int workingDays, bool countFirstDay = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workingDays);
        var day = from;
        var left = workingDays - (countFirstDay && workingDays > 0 && IsWorkingDay(from) ? 1 : 0);
        while (left > 0)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day)) left--;
        }

        return new Deadline(day, IsProvisional(from, day));
    }

    /// <summary>The last of a number of calendar days after an event; the day of the event is not counted, and a last day that rests moves to
    /// the next working day (CC art. 201, 203; R2.4). None at all ends on the day itself.</summary>
    public static Deadline AfterDays(DateOnly from, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        var day = from.AddDays(days);
        while (days > 0 && !IsWorkingDay(day)) day = day.AddDays(1);
        return new Deadline(day, IsProvisional(from, day));
    }

    static bool IsProvisional(DateOnly from, DateOnly to) => Enumerable.Range(from.Year, to.Year - from.Year + 1).Any(year => !Years.Contains(year));
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace TechMarket.MarketKit;

/// <summary>Legal days and periods are those of Asia/Shanghai, which has been UTC+8 all year since 1991.</summary>
public static partial class ShanghaiTime
{
    /// <summary>UTC+8.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The day it is in Shanghai.</summary>
    public static DateOnly DateOf(DateTimeOffset time) => DateOnly.FromDateTime(time.ToOffset(Offset).DateTime);

    /// <summary>The first moment of a day.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).ToUniversalTime();

    /// <summary>24:00 of a day: the first moment after it.</summary>
    public static DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    /// <summary>Reads a period of the statistics: 2026, 2026-H1, 2026-Q4 or 2026-11.</summary>
    /// <returns>The first day and the day after the last, or null when the text is none of these.</returns>
    public static (DateOnly From, DateOnly To)? Period(string? text)
    {
        if (text is null || PeriodPattern().Match(text) is not { Success: true } match) return null;
        var year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
        var (month, months) = match switch
        {
            _ when match.Groups["half"].Success => (1 + (6 * (match.Groups["half"].Value[0] - '1')), 6),
            _ when match.Groups["quarter"].Success => (1 + (3 * (match.Groups["quarter"].Value[0] - '1')), 3),
            _ when match.Groups["month"].Success => (int.Parse(match.Groups["month"].ValueSpan, CultureInfo.InvariantCulture), 1),
            _ => (1, 12),
        };
        var from = new DateOnly(year, month, 1);
        return (from, from.AddMonths(months));
    }

    [GeneratedRegex(@"^(?<year>(19|20)[0-9]{2})(-H(?<half>[12])|-Q(?<quarter>[1-4])|-(?<month>0[1-9]|1[0-2]))?\z")]
    private static partial Regex PeriodPattern();
}

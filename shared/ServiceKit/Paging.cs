using System.Globalization;
using System.Text;

namespace TechMarket.ServiceKit;

/// <summary>A page of a list.</summary>
/// <param name="Items">At most a hundred.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Cuts a page out of rows of which one more than the limit was read.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, string> cursorOf)
    {
        if (rows.Count <= limit) return new Page<T>(rows, null);
        var items = rows.Take(limit).ToList();
        return new Page<T>(items, cursorOf(items[^1]));
    }
}

/// <summary>The opaque place in a list: the sort key of the last row that was given.</summary>
/// <param name="At">The time it is sorted by.</param>
/// <param name="Id">Decides between equal times.</param>
public sealed record Cursor(DateTimeOffset At, Guid Id)
{
    /// <summary>Most entries of one page.</summary>
    public const int LimitMax = 100;

    /// <summary>Written so that callers keep their hands off it.</summary>
    public override string ToString() => Write(At.UtcTicks.ToString(CultureInfo.InvariantCulture), Id.ToString("N"));

    /// <summary>Any sort key, made opaque.</summary>
    public static string Write(params string[] parts) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('|', parts))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The parts of a sort key, or null when the text is none of ours.</summary>
    public static string[]? Read(string? text, int parts)
    {
        if (text is null or { Length: > 500 }) return null;
        try
        {
            var base64 = text.Replace('-', '+').Replace('_', '/');
            var read = Encoding.UTF8.GetString(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='))).Split('|');
            return read.Length == parts ? read : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads the cursor of a request; a text that is none of ours is an error of the field «cursor», a missing one is the beginning.</summary>
    public static Cursor? Read(Shape shape, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (Read(text, 2) is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.Ticks
            && Guid.TryParseExact(id, "N", out var guid))
            return new Cursor(new DateTimeOffset(at, TimeSpan.Zero), guid);
        shape.Wrong("cursor", "游标无效，请使用上一页返回的 nextCursor。", "Not a cursor of this list; use the nextCursor of the page before.");
        return null;
    }

    /// <summary>The wanted page size, 20 by default.</summary>
    public static int Limit(Shape shape, int? limit) => limit is null ? 20 : shape.Range("limit", limit, 1, LimitMax);
}

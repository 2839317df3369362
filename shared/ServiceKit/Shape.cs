using System.Text.RegularExpressions;

namespace TechMarket.ServiceKit;

/// <summary>Checks the shape of a request, field by field, and collects what is wrong in the caller's words. What it gives back is clean:
/// trimmed, present, within its limits. Ask <see cref="Problem"/> before using any of it.</summary>
public sealed class Shape
{
    readonly Dictionary<string, List<Words>> errors = [];

    /// <summary>400 with every error found, or null when the shape is right.</summary>
    public Answer? Problem => errors.Count == 0
        ? null
        : new Answer(400, new Problem(400, Refusals.InvalidRequest,
            errors.ToDictionary(error => error.Key, error => (IReadOnlyList<Words>)error.Value), null));

    /// <summary>Records an error of a field.</summary>
    public void Wrong(string field, string chinese, string english)
    {
        if (!errors.TryGetValue(field, out var list)) errors[field] = list = [];
        list.Add(new Words(chinese, english));
    }

    /// <summary>Records an error of a field unless a condition holds.</summary>
    public bool Require(bool condition, string field, string chinese, string english)
    {
        if (!condition) Wrong(field, chinese, english);
        return condition;
    }

    /// <summary>A text that must be there.</summary>
    /// <param name="field">Its JSON path.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="max">Most characters.</param>
    /// <param name="min">Fewest characters after trimming.</param>
    public string Text(string field, string? value, int max, int min = 1)
    {
        var text = value?.Trim() ?? "";
        if (text.Length == 0) Wrong(field, "此项必填。", "This field is required.");
        else Length(field, text, min, max);
        return text;
    }

    /// <summary>A text that may be missing; null when it is missing or blank.</summary>
    public string? OptionalText(string field, string? value, int max)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        Length(field, text, 0, max);
        return text;
    }

    /// <summary>A value of a code list that must be there.</summary>
    public string OneOf(string field, string? value, IReadOnlySet<string> codes)
    {
        if (string.IsNullOrEmpty(value)) Wrong(field, "此项必填。", "This field is required.");
        else if (!codes.Contains(value))
            Wrong(field, $"取值须为：{string.Join("、", codes)}。", $"Must be one of: {string.Join(", ", codes)}.");
        return value ?? "";
    }

    /// <summary>A value of a code list that may be missing.</summary>
    public string? OptionalOneOf(string field, string? value, IReadOnlySet<string> codes) =>
        string.IsNullOrEmpty(value) ? null : OneOf(field, value, codes);

    /// <summary>Distinct values of a code list.</summary>
    /// <param name="field">Its JSON path.</param>
    /// <param name="values">What was sent.</param>
    /// <param name="codes">What is allowed.</param>
    /// <param name="min">Fewest values.</param>
    public string[] ManyOf(string field, IReadOnlyList<string?>? values, IReadOnlySet<string> codes, int min = 1)
    {
        if ((values?.Count ?? 0) < min) Wrong(field, $"至少选择 {min} 项。", $"At least {min} must be chosen.");
        if (values is null) return [];
        if (values.Count > codes.Count) Wrong(field, "选项重复。", "Values are repeated.");
        for (var i = 0; i < values.Count && i < 100; i++) OneOf($"{field}[{i}]", values[i], codes);
        return [.. values.OfType<string>().Distinct()];
    }

    /// <summary>A list of texts.</summary>
    public string[] Texts(string field, IReadOnlyList<string?>? values, int maxCount, int maxLength, int minCount = 0)
    {
        values ??= [];
        Count(field, values.Count, minCount, maxCount);
        return [.. values.Take(maxCount).Select((value, i) => Text($"{field}[{i}]", value, maxLength))];
    }

    /// <summary>A list must have a number of entries; a missing one has none. Entries must not be null.</summary>
    public IReadOnlyList<T> List<T>(string field, IReadOnlyList<T?>? values, int maxCount, int minCount = 0)
        where T : class
    {
        values ??= [];
        Count(field, values.Count, minCount, maxCount);
        for (var i = 0; i < values.Count && i < maxCount; i++) Require(values[i] is not null, $"{field}[{i}]", "不能为空。", "Must not be null.");
        return [.. values.Take(maxCount).OfType<T>()];
    }

    /// <summary>A value that must be there.</summary>
    public T Value<T>(string field, T? value)
        where T : struct
    {
        Require(value is not null, field, "此项必填。", "This field is required.");
        return value ?? default;
    }

    /// <summary>A number within limits that must be there.</summary>
    public T Range<T>(string field, T? value, T min, T max)
        where T : struct, IComparable<T>
    {
        var number = Value(field, value);
        if (value is not null && (number.CompareTo(min) < 0 || number.CompareTo(max) > 0))
            Wrong(field, $"须在 {min} 与 {max} 之间。", $"Must be between {min} and {max}.");
        return number;
    }

    /// <summary>A number within limits that may be missing.</summary>
    public T? OptionalRange<T>(string field, T? value, T min, T max)
        where T : struct, IComparable<T> => value is null ? null : Range(field, value, min, max);

    /// <summary>A text of a fixed form.</summary>
    public string Pattern(string field, string? value, Regex pattern, string chinese, string english)
    {
        if (string.IsNullOrEmpty(value)) Wrong(field, "此项必填。", "This field is required.");
        else if (!pattern.IsMatch(value)) Wrong(field, chinese, english);
        return value ?? "";
    }

    void Length(string field, string text, int min, int max)
    {
        if (text.Length > max) Wrong(field, $"最多 {max} 个字符。", $"At most {max} characters.");
        if (text.Length < min) Wrong(field, $"至少 {min} 个字符。", $"At least {min} characters.");
    }

    void Count(string field, int count, int min, int max)
    {
        if (count < min) Wrong(field, $"至少 {min} 项。", $"At least {min} entries.");
        if (count > max) Wrong(field, $"最多 {max} 项。", $"At most {max} entries.");
    }
}

using System.Globalization;

namespace TechMarket.Standalone;

/// <summary>What was typed after a command: options (<c>--name value</c>), switches (<c>--name</c>) and words. Whatever a command has not asked
/// for is refused by <see cref="End"/>, so that a slip of the finger shows.</summary>
public sealed class Arguments(IReadOnlyList<string> arguments)
{
    readonly List<string> left = [.. arguments];

    /// <summary>True when a switch was given.</summary>
    public bool Has(string name) => left.Remove(name);

    /// <summary>The value of an option; null where it was not given.</summary>
    public string? Option(string name)
    {
        var at = left.IndexOf(name);
        if (at < 0) return null;
        if (at + 1 >= left.Count) throw new ArgumentException($"{name} 之后缺少值 · {name} needs a value");
        var value = left[at + 1];
        left.RemoveRange(at, 2);
        return value;
    }

    /// <summary>The value of an option that is a whole number.</summary>
    public int Number(string name, int otherwise, int min, int max)
    {
        if (Option(name) is not { } text) return otherwise;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{name} 须为 {min} 至 {max} 的整数 · {name} must be a whole number from {min} to {max}");
    }

    /// <summary>The next word; null when there is none.</summary>
    public string? Word()
    {
        var at = left.FindIndex(argument => !argument.StartsWith("--", StringComparison.Ordinal));
        if (at < 0) return null;
        var word = left[at];
        left.RemoveAt(at);
        return word;
    }

    /// <summary>Everything that is left, as it was typed.</summary>
    public IReadOnlyList<string> Rest()
    {
        List<string> rest = [.. left];
        left.Clear();
        return rest;
    }

    /// <summary>The data directory: <c>--data DIR</c>, else <c>.techmarket</c>.</summary>
    public string DataDirectory() => Path.GetFullPath(Option("--data") ?? ".techmarket");

    /// <summary>Nothing else was typed.</summary>
    public void End()
    {
        if (left.Count > 0) throw new ArgumentException($"不认识 {left[0]} · unknown: {left[0]}");
    }
}

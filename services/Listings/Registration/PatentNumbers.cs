using System.Text.RegularExpressions;

namespace TechMarket.Listings.Registration;

/// <summary>Chinese patent and application numbers (R1.11–R1.14).</summary>
public static partial class PatentNumbers
{
    /// <summary>True for an application number with its check character, with or without «ZL», or a publication number.</summary>
    /// <param name="kind">invention, utility_model or design: the digit in the number must say the same.</param>
    /// <param name="number">As it was sent.</param>
    public static bool IsValid(string kind, string number)
    {
        var text = number.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (Publication().Match(text) is { Success: true } publication) return publication.Groups["kind"].ValueSpan[0] == KindDigits(kind)[0];
        if (Application().Match(text) is not { Success: true } match) return false;
        var digits = match.Groups["digits"].Value;
        var kindDigit = digits.Length == 12 ? digits[4] : digits[2];
        return KindDigits(kind).Contains(kindDigit, StringComparison.Ordinal) && match.Groups["check"].ValueSpan[0] == CheckCharacter(digits);
    }

    /// <summary>One spelling of a number that <see cref="IsValid"/> takes: the digits of an application without its check character, or the
    /// publication number; null for anything else.</summary>
    public static string? Canonical(string number)
    {
        var text = number.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (Publication().IsMatch(text)) return text;
        return Application().Match(text) is { Success: true } match ? match.Groups["digits"].Value : null;
    }

    /// <summary>Weights 2 to 9 from the left, again and again; the sum modulo 11, ten being X (R1.13).</summary>
    public static char CheckCharacter(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++) sum += (digits[i] - '0') * (2 + (i % 8));
        var remainder = sum % 11;
        return remainder == 10 ? 'X' : (char)('0' + remainder);
    }

    static string KindDigits(string kind) => kind switch { "invention" => "18", "utility_model" => "29", _ => "3" };

    [GeneratedRegex(@"^(ZL|CN)?(?<digits>(19|20)[0-9]{10}|[89][0-9]{7}|0[0-3][0-9]{6})\.?(?<check>[0-9X])\z")]
    private static partial Regex Application();

    [GeneratedRegex(@"^CN(?<kind>[123])([0-9]{6}|[0-9]{8})[ABCDSUY][0-9]?\z")]
    private static partial Regex Publication();
}

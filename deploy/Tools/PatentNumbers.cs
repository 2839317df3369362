using System.Globalization;
using System.Security.Cryptography;

namespace TechMarket.Tools;

/// <summary>Made-up Chinese patent numbers that a market accepts.</summary>
public static class PatentNumbers
{
    /// <summary>An invention granted on an application of 2024 that nobody filed.</summary>
    public static string NewInvention() =>
        WithCheck(string.Create(CultureInfo.InvariantCulture, $"20241{RandomNumberGenerator.GetInt32(1, 9_999_999):0000000}"));

    /// <summary>The granted number of an application: ZL, the twelve digits, and their check character.</summary>
    public static string WithCheck(string digits)
    {
        var sum = digits.Select((digit, i) => (digit - '0') * (2 + (i % 8))).Sum() % 11;
        return $"ZL{digits}.{(sum == 10 ? "X" : sum.ToString(CultureInfo.InvariantCulture))}";
    }
}

namespace TechMarket.MarketKit;

/// <summary>统一社会信用代码 (GB 32100-2015): eighteen characters, the last of which checks the others.</summary>
public static class Uscc
{
    const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>True when the code has its eighteen characters and the right check character (R1.17, R1.18).</summary>
    public static bool IsValid(string? code) =>
        code is { Length: 18 } && code.All(c => Alphabet.Contains(c, StringComparison.Ordinal)) && CheckCharacter(code.AsSpan(0, 17)) == code[17];

    /// <summary>The eighteenth character: weights are powers of three modulo 31.</summary>
    public static char CheckCharacter(ReadOnlySpan<char> first17)
    {
        var sum = 0;
        var weight = 1;
        foreach (var c in first17)
        {
            sum += Alphabet.IndexOf(c, StringComparison.Ordinal) * weight;
            weight = weight * 3 % 31;
        }

        return Alphabet[(31 - (sum % 31)) % 31];
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace TechMarket.Search;

/// <summary>A text as the analyser sees it: compatibility forms resolved (NFKC without accents), lower case, half width, simplified
/// characters; every character still knows where it came from, so that a passage can be marked in the original.</summary>
sealed class FoldedText
{
    static readonly ConcurrentDictionary<int, string> Rare = new();

    char[] characters = new char[256];
    int[] origins = new int[256];

    /// <summary>How many characters it has.</summary>
    public int Length { get; private set; }

    /// <summary>The folded characters.</summary>
    public ReadOnlySpan<char> Characters => characters.AsSpan(0, Length);

    /// <summary>Where the character at an index began in the original; at <see cref="Length"/> the length of the original.</summary>
    public int OriginOf(int index) => origins[index];

    /// <summary>Folds a text into this instance, which forgets the one before.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        Length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80) Add(c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c, i);
            else if (c is >= TextAnalyser.HanFirst and <= TextAnalyser.HanLast) Add(WordLists.Simplified[c - TextAnalyser.HanFirst], i);
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                AddRare(char.ConvertToUtf32(c, text[i + 1]), i);
                i++;
            }
            else if (!char.IsSurrogate(c)) AddRare(c, i);
        }

        Add(' ', text.Length);
        Length--;
    }

    void AddRare(int codePoint, int origin)
    {
        foreach (var c in Rare.GetOrAdd(codePoint, Fold)) Add(c, origin);
    }

    void Add(char c, int origin)
    {
        if (Length == characters.Length)
        {
            Array.Resize(ref characters, Length * 2);
            Array.Resize(ref origins, Length * 2);
        }

        characters[Length] = c;
        origins[Length++] = origin;
    }

    static string Fold(int codePoint)
    {
        var folded = new StringBuilder();
        foreach (var c in char.ConvertFromUtf32(codePoint).Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark) continue;
            folded.Append(c is >= TextAnalyser.HanFirst and <= TextAnalyser.HanLast ? WordLists.Simplified[c - TextAnalyser.HanFirst] : c);
        }

        return folded.ToString();
    }
}

namespace TechMarket.Search;

/// <summary>Takes the endings off English words that hide that two words are one: plurals, -ing, -ed, -ly, -ation. Deliberately light: a
/// stem need not be a word, but two different words should not become one.</summary>
static class EnglishStem
{
    const int ShortestStem = 3;

    /// <summary>Shortens a lower-case word in place.</summary>
    /// <returns>The new length.</returns>
    public static int Shorten(Span<char> word)
    {
        var length = word.Length;
        if (length <= ShortestStem || !IsEnglish(word)) return length;
        length = WithoutPlural(word, length);
        var before = length;
        if (Ends(word, length, "ization")) length -= 5;
        else if (Ends(word, length, "ation") && length > 7) length -= 3;
        else if (Ends(word, length, "ing") && HasVowel(word, length - 3) && length > 5) length -= 3;
        else if (Ends(word, length, "ed") && HasVowel(word, length - 2) && length > 4) length -= 2;
        else if (Ends(word, length, "ly") && length > 5) length -= 2;
        else if (Ends(word, length, "ment") && length > 7) length -= 4;
        if (length < before && length > ShortestStem && IsDoubled(word[..length])) length--;
        if (length > ShortestStem && word[length - 1] == 'e') length--;
        if (length > ShortestStem && word[length - 1] == 'y' && !IsVowel(word[length - 2])) word[length - 1] = 'i';
        return length;
    }

    static int WithoutPlural(Span<char> word, int length)
    {
        if (Ends(word, length, "ies") && length > 4)
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        if (Ends(word, length, "sses") || Ends(word, length, "xes") || Ends(word, length, "ches") || Ends(word, length, "shes")) return length - 2;
        return word[length - 1] == 's' && word[length - 2] is not ('s' or 'u' or 'i') ? length - 1 : length;
    }

    /// <summary>«stopp» of «stopping», but not «roll» of «rolling».</summary>
    static bool IsDoubled(ReadOnlySpan<char> word) => word[^1] == word[^2] && word[^1] is not ('l' or 's' or 'z');

    static bool Ends(ReadOnlySpan<char> word, int length, string ending) => word[..length].EndsWith(ending, StringComparison.Ordinal);

    static bool HasVowel(ReadOnlySpan<char> word, int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (IsVowel(word[i]) || word[i] == 'y') return true;
        }

        return false;
    }

    static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    static bool IsEnglish(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetter(c)) return false;
        }

        return true;
    }
}

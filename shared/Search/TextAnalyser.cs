namespace TechMarket.Search;

/// <summary>What kind of term a token is.</summary>
enum TokenKind
{
    /// <summary>A Latin word or a number, stemmed.</summary>
    Word,

    /// <summary>Two neighbouring Chinese characters.</summary>
    Pair,

    /// <summary>A Chinese character among others.</summary>
    Single,

    /// <summary>A Chinese character alone.</summary>
    Lone,
}

/// <summary>A term at its place in the text.</summary>
/// <param name="Term">The term as a number: characters themselves, words by their hash.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="Start">Where it begins in the original text.</param>
/// <param name="End">Where it ends there.</param>
readonly record struct Token(ulong Term, TokenKind Kind, int Start, int End);

/// <summary>Cuts Chinese and English text into terms: every Chinese character and every pair of neighbours, Latin words without their
/// endings, numbers, and numbers with their unit. The same for records and queries. An instance serves one thread.</summary>
sealed class TextAnalyser
{
    /// <summary>The first character of the basic Chinese block.</summary>
    public const char HanFirst = '\u4e00';

    /// <summary>The last one.</summary>
    public const char HanLast = '\u9fff';

    const ulong WordMark = 1UL << 63;
    const ulong PairMark = 1UL << 62;
    const int WordLengthMax = 40;
    const int UnitLengthMax = 4;

    readonly FoldedText folded = new();
    readonly char[] word = new char[WordLengthMax];

    /// <summary>The terms of a text in their order. The list is cleared first.</summary>
    public void Analyse(ReadOnlySpan<char> text, List<Token> tokens)
    {
        tokens.Clear();
        folded.Read(text);
        var characters = folded.Characters;
        var i = 0;
        while (i < characters.Length)
        {
            var end = i;
            if (IsIdeograph(characters, i)) i = ReadChinese(characters, i, tokens);
            else if (char.IsLetterOrDigit(characters[i]))
            {
                while (end < characters.Length && IsOfWord(characters, end)) end++;
                AddWord(characters, i, end, tokens);
                i = end;
            }
            else i++;
        }
    }

    /// <summary>The term of a Chinese character.</summary>
    public static ulong SingleOf(int codePoint) => (ulong)codePoint;

    /// <summary>The term of two neighbouring Chinese characters.</summary>
    public static ulong PairOf(int first, int second) => PairMark | ((ulong)(uint)first << 24) | (uint)second;

    int ReadChinese(ReadOnlySpan<char> characters, int from, List<Token> tokens)
    {
        var first = tokens.Count;
        var previous = -1;
        var previousAt = from;
        var i = from;
        while (i < characters.Length && IsIdeograph(characters, i) && !WordLists.Separators.Contains(characters[i]))
        {
            var wide = char.IsHighSurrogate(characters[i]);
            var codePoint = wide ? char.ConvertToUtf32(characters[i], characters[i + 1]) : characters[i];
            var next = i + (wide ? 2 : 1);
            var (start, end) = (folded.OriginOf(i), folded.OriginOf(next));
            if (previous >= 0) tokens.Add(new Token(PairOf(previous, codePoint), TokenKind.Pair, folded.OriginOf(previousAt), end));
            tokens.Add(new Token(SingleOf(codePoint), TokenKind.Single, start, end));
            (previous, previousAt, i) = (codePoint, i, next);
        }

        if (tokens.Count == first + 1) tokens[first] = tokens[first] with { Kind = TokenKind.Lone };
        return i == from ? i + 1 : i;
    }

    void AddWord(ReadOnlySpan<char> characters, int start, int end, List<Token> tokens)
    {
        var text = characters[start..end];
        var (from, to) = (folded.OriginOf(start), folded.OriginOf(end));
        if (IsNumber(text) && UnitAfter(characters, end) is { IsEmpty: false } unit && text.Length + unit.Length <= WordLengthMax)
        {
            text.CopyTo(word);
            unit.CopyTo(word.AsSpan(text.Length));
            tokens.Add(new Token(WordMark | Hash(word.AsSpan(0, text.Length + unit.Length)), TokenKind.Word, from, to));
        }

        if (text.Length > WordLengthMax) text = text[..WordLengthMax];
        if (WordLists.Stopwords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text)) return;
        text.CopyTo(word);
        var length = EnglishStem.Shorten(word.AsSpan(0, text.Length));
        tokens.Add(new Token(WordMark | Hash(word.AsSpan(0, length)), TokenKind.Word, from, to));
    }

    /// <summary>The unit behind «10 kV»: «10kv» is written both ways and should be found both ways.</summary>
    static ReadOnlySpan<char> UnitAfter(ReadOnlySpan<char> characters, int at)
    {
        if (at >= characters.Length || characters[at] != ' ') return default;
        var end = at + 1;
        while (end < characters.Length && char.IsAsciiLetter(characters[end])) end++;
        return end - at - 1 is > 0 and <= UnitLengthMax ? characters[(at + 1)..end] : default;
    }

    static bool IsNumber(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && c != '.') return false;
        }

        return true;
    }

    static bool IsOfWord(ReadOnlySpan<char> characters, int at)
    {
        var c = characters[at];
        if (char.IsLetterOrDigit(c)) return !IsIdeograph(characters, at);
        return c == '.' && at > 0 && at + 1 < characters.Length
            && char.IsAsciiDigit(characters[at - 1]) && char.IsAsciiDigit(characters[at + 1]);
    }

    /// <summary>Chinese characters, and the scripts of neighbours that are written without spaces.</summary>
    public static bool IsIdeograph(ReadOnlySpan<char> characters, int at) => characters[at] switch
    {
        >= HanFirst and <= HanLast => true,
        >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u4dbf' or >= '\u1100' and <= '\u11ff' => true,
        var c => char.IsHighSurrogate(c) && at + 1 < characters.Length
            && char.ConvertToUtf32(c, characters[at + 1]) is >= 0x20000 and <= 0x3ffff,
    };

    static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return (hash ^ (hash >> 31)) & ~(WordMark | PairMark);
    }
}

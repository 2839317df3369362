using System.Collections.Frozen;

namespace TechMarket.Search;

/// <summary>The word lists of the analyser, kept as data (Data/*.txt): lines of words, «#» begins a comment.</summary>
static class WordLists
{
    /// <summary>Latin words that are neither indexed nor sought.</summary>
    public static readonly FrozenSet<string> Stopwords = Words("stopwords.txt").ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Chinese characters that end a run.</summary>
    public static readonly FrozenSet<char> Separators = Words("separators.txt").Select(word => word[0]).ToFrozenSet();

    /// <summary>Pairs of Chinese characters, as terms, that are not telling.</summary>
    public static readonly FrozenSet<ulong> SetPhrases =
        Words("set_phrases.txt").Select(pair => TextAnalyser.PairOf(pair[0], pair[1])).ToFrozenSet();

    /// <summary>The simplified form of each character of the basic block, by its distance from the block's begin.</summary>
    public static readonly char[] Simplified = ReadSimplified();

    /// <summary>Groups of phrases that mean nearly the same.</summary>
    public static readonly IReadOnlyList<string[]> Synonyms =
        [.. Lines("synonyms.txt").Select(line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    static char[] ReadSimplified()
    {
        var table = new char[TextAnalyser.HanLast - TextAnalyser.HanFirst + 1];
        for (var i = 0; i < table.Length; i++) table[i] = (char)(TextAnalyser.HanFirst + i);
        foreach (var pair in Words("simplified.txt")) table[pair[0] - TextAnalyser.HanFirst] = pair[1];
        return table;
    }

    static IEnumerable<string> Words(string file) => Lines(file).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(WordLists).Assembly.GetManifestResourceStream($"TechMarket.Search.Data.{file}")
            ?? throw new InvalidOperationException($"The word list {file} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') yield return line;
        }
    }
}

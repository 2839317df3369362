namespace TechMarket.Search;

/// <summary>Tells in words why two texts are alike.</summary>
public static class SharedPhrases
{
    const int ShortestLatin = 3;

    /// <summary>The longest phrases that stand in both texts, as the second text spells them: runs of Chinese characters that stand in the first
    /// as they are, and Latin words that stand there in any form. Set phrases of patents and applications are left out.</summary>
    /// <param name="query">The one text.</param>
    /// <param name="text">The other, in whose words the answer is.</param>
    /// <param name="most">How many phrases at most.</param>
    public static IReadOnlyList<string> Of(string query, string text, int most)
    {
        var ranked = ChineseRuns(query, text).Concat(LatinWords(query, text))
            .GroupBy(phrase => phrase.ToUpperInvariant())
            .OrderByDescending(group => Weight(group.Key)).ThenByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.First());
        var chosen = new List<string>();
        foreach (var phrase in ranked)
        {
            if (chosen.Count == most) break;
            if (!chosen.Exists(longer => longer.Contains(phrase, StringComparison.OrdinalIgnoreCase))) chosen.Add(phrase);
        }

        return chosen;
    }

    static List<string> ChineseRuns(string query, string text)
    {
        var (sought, read) = (new FoldedText(), new FoldedText());
        sought.Read(query);
        read.Read(text);
        var characters = read.Characters;
        var runs = new List<string>();
        var from = 0;
        while (from < characters.Length)
        {
            while (IsSetPhrase(characters, from)) from += 2;
            var to = from;
            while (to < characters.Length && IsOfRun(characters, to) && sought.Characters.IndexOf(characters[from..(to + 1)]) >= 0) to++;
            if (to - from >= 2) runs.Add(text[read.OriginOf(from)..read.OriginOf(to)]);
            from = Math.Max(to, from + 1);
        }

        return runs;
    }

    static IEnumerable<string> LatinWords(string query, string text)
    {
        var analyser = new TextAnalyser();
        var tokens = new List<Token>();
        analyser.Analyse(query, tokens);
        var sought = tokens.Where(token => token.Kind == TokenKind.Word).Select(token => token.Term).ToHashSet();
        analyser.Analyse(text, tokens);
        return tokens.Where(token => token.Kind == TokenKind.Word && token.End - token.Start >= ShortestLatin && sought.Contains(token.Term))
            .Select(token => text[token.Start..token.End]).Where(word => !word.All(char.IsAsciiDigit));
    }

    static bool IsOfRun(ReadOnlySpan<char> characters, int at) =>
        TextAnalyser.IsIdeograph(characters, at) && !WordLists.Separators.Contains(characters[at]);

    static bool IsSetPhrase(ReadOnlySpan<char> characters, int at) =>
        at + 1 < characters.Length && WordLists.SetPhrases.Contains(TextAnalyser.PairOf(characters[at], characters[at + 1]));

    /// <summary>A Chinese character says about as much as four letters.</summary>
    static int Weight(string phrase) => phrase.Sum(c => char.IsAscii(c) ? 1 : 4);
}

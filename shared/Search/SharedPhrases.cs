namespace TechMarket.Search;

/// <summary>Tells in words why two texts are alike.</summary>
public static class SharedPhrases
{
    const int ShortestLatin = 3;

    /// <summary>The longest runs of words that stand in both texts, as the second text spells them.</summary>
    /// <param name="query">The text whose words are sought.</param>
    /// <param name="text">The text in which they are found.</param>
    /// <param name="most">How many runs at most.</param>
    public static IReadOnlyList<string> Of(string query, string text, int most)
    {
        var analyser = new TextAnalyser();
        var phrases = new Highlighter(analyser, QueryTerms.Of(analyser, query)).Spans(text)
            .Select(span => text[span.Start..span.End])
            .Where(phrase => phrase.Length >= (char.IsAscii(phrase[0]) ? ShortestLatin : 2))
            .GroupBy(phrase => phrase.ToUpperInvariant())
            .OrderByDescending(group => Weight(group.Key)).ThenByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.First());
        var chosen = new List<string>();
        foreach (var phrase in phrases)
        {
            if (chosen.Count == most) break;
            if (!chosen.Exists(longer => longer.Contains(phrase, StringComparison.OrdinalIgnoreCase))) chosen.Add(phrase);
        }

        return chosen;
    }

    /// <summary>A Chinese character says about as much as four letters.</summary>
    static int Weight(string phrase) => phrase.Sum(c => char.IsAscii(c) ? 1 : 4);
}

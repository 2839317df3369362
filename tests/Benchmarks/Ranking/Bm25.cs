using System.Text.RegularExpressions;

namespace TechMarket.Benchmarks.Ranking;

/// <summary>The baseline: BM25 over title and text, pairs of Chinese characters, Latin words without a plural s, k1 1.2, b 0.75.</summary>
sealed partial class Bm25
{
    const double K1 = 1.2;
    const double B = 0.75;
    static readonly HashSet<string> Stop =
    [
        .. ("a an the of and or to in for on by with is are was were be been at as that this it its from which what how can have has do "
            + "does not their there these those into such than").Split(' '),
    ];

    readonly List<string> ids = [];
    readonly List<int> lengths = [];
    readonly Dictionary<string, List<(int Document, int Count)>> postings = [];
    readonly double average;

    public Bm25(IEnumerable<(string Id, string Title, string Text)> documents)
    {
        foreach (var (id, title, text) in documents)
        {
            var tokens = Tokens($"{title} {text}").ToList();
            foreach (var group in tokens.GroupBy(token => token))
            {
                if (!postings.TryGetValue(group.Key, out var list)) postings[group.Key] = list = [];
                list.Add((ids.Count, group.Count()));
            }

            ids.Add(id);
            lengths.Add(tokens.Count);
        }

        average = lengths.Average();
    }

    public IReadOnlyList<string> Rank(string query, int limit)
    {
        var scores = new Dictionary<int, double>();
        foreach (var group in Tokens(query).GroupBy(token => token))
        {
            if (!postings.TryGetValue(group.Key, out var list)) continue;
            var idf = Math.Log(1 + ((ids.Count - list.Count + 0.5) / (list.Count + 0.5)));
            foreach (var (document, count) in list)
            {
                scores[document] = scores.GetValueOrDefault(document)
                    + (group.Count() * idf * count * (K1 + 1) / (count + (K1 * (1 - B + (B * lengths[document] / average)))));
            }
        }

        return [.. scores.OrderByDescending(score => score.Value).ThenBy(score => ids[score.Key], StringComparer.Ordinal).Take(limit)
            .Select(score => ids[score.Key])];
    }

    static IEnumerable<string> Tokens(string text)
    {
        foreach (Match run in Runs().Matches(text))
        {
            if (run.Value[0] is >= '\u4e00' and <= '\u9fff')
            {
                if (run.Length == 1) yield return run.Value;
                for (var i = 0; i + 1 < run.Length; i++) yield return run.Value.Substring(i, 2);
                continue;
            }

            var word = run.Value.ToLowerInvariant();
            if (Stop.Contains(word)) continue;
            yield return word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
        }
    }

    [GeneratedRegex("[\u4e00-\u9fff]+|[A-Za-z0-9]+")]
    private static partial Regex Runs();
}

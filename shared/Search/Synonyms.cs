using System.Collections.Frozen;

namespace TechMarket.Search;

/// <summary>The synonym table, by terms: a phrase is in a query when its terms stand there in a row.</summary>
static class Synonyms
{
    static readonly FrozenDictionary<ulong, Phrase[]> ByFirstTerm = Read();

    /// <summary>The terms of every synonym of every phrase in a query, without single characters.</summary>
    public static IEnumerable<ulong> Of(List<Token> query)
    {
        var sequence = query.Where(token => token.Kind != TokenKind.Single).Select(token => token.Term).ToArray();
        for (var i = 0; i < sequence.Length; i++)
        {
            if (!ByFirstTerm.TryGetValue(sequence[i], out var phrases)) continue;
            foreach (var phrase in phrases)
            {
                if (!sequence.AsSpan(i).StartsWith(phrase.Terms)) continue;
                foreach (var other in phrase.Others)
                {
                    foreach (var term in other) yield return term;
                }
            }
        }
    }

    static FrozenDictionary<ulong, Phrase[]> Read()
    {
        var analyser = new TextAnalyser();
        var tokens = new List<Token>();
        var phrases = new List<Phrase>();
        foreach (var group in WordLists.Synonyms)
        {
            var members = group.Select(Terms).ToArray();
            phrases.AddRange(members.Select((terms, i) => new Phrase(terms, [.. members.Where((_, j) => j != i)])));
        }

        return phrases.GroupBy(phrase => phrase.Terms[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());

        ulong[] Terms(string phrase)
        {
            analyser.Analyse(phrase, tokens);
            return [.. tokens.Where(token => token.Kind != TokenKind.Single).Select(token => token.Term)];
        }
    }

    sealed record Phrase(ulong[] Terms, ulong[][] Others);
}

using System.Runtime.InteropServices;

namespace TechMarket.Search;

/// <summary>A term that is sought.</summary>
/// <param name="Term">The term.</param>
/// <param name="Weight">How much it counts, from its kind and how often it is in the query.</param>
/// <param name="Finds">A record with this term is a hit; otherwise the term only adds to the score of hits.</param>
readonly record struct QueryTerm(ulong Term, float Weight, bool Finds);

/// <summary>Turns the text of a search into terms.</summary>
static class QueryTerms
{
    /// <summary>The distinct terms of a text, synonyms included, in the order they first appear.</summary>
    /// <param name="analyser">Of this thread.</param>
    /// <param name="text">What is sought.</param>
    /// <param name="telling">The text is long: its set phrases are left out.</param>
    public static List<QueryTerm> Of(TextAnalyser analyser, string text, bool telling)
    {
        var tokens = new List<Token>();
        analyser.Analyse(text, tokens);
        if (telling) tokens.RemoveAll(token => WordLists.SetPhrases.Contains(token.Term));
        var counts = new Dictionary<ulong, (int Count, TokenKind Kind)>();
        foreach (var token in tokens)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, token.Term, out var known);
            // A character that stands alone once is meant as a word.
            entry = (entry.Count + 1, known && token.Kind == TokenKind.Single ? entry.Kind : token.Kind);
        }

        var terms = new List<QueryTerm>(counts.Count);
        var found = new HashSet<ulong>();
        foreach (var token in tokens)
        {
            if (!found.Add(token.Term)) continue;
            var (count, kind) = counts[token.Term];
            var weight = (1 + MathF.Log(count)) * (kind == TokenKind.Single ? Ranking.SingleWeight : 1);
            terms.Add(new QueryTerm(token.Term, weight, kind != TokenKind.Single));
        }

        foreach (var synonym in Synonyms.Of(tokens))
        {
            if (found.Add(synonym)) terms.Add(new QueryTerm(synonym, Ranking.SynonymWeight, true));
        }

        return terms;
    }
}

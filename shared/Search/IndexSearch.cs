using System.Buffers;

namespace TechMarket.Search;

/// <summary>One hit before its record is unpacked.</summary>
readonly record struct FoundRecord(byte[] Packed, double SortKey);

/// <summary>What a search found in the tables.</summary>
sealed record FoundRecords(
    IReadOnlyList<FoundRecord> Hits, long Total, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Facets);

/// <summary>Runs a search over the tables. The caller sees to it that nobody writes meanwhile.</summary>
sealed class IndexSearch(IndexTables tables, SearchQuery query, IReadOnlyList<QueryTerm> queryTerms)
{
    readonly FilterColumns filter = new(tables, query.Filter);

    /// <summary>Runs it.</summary>
    public FoundRecords Run()
    {
        var count = tables.Count;
        if (string.IsNullOrWhiteSpace(query.Text)) return Collect(count, null);
        var scores = ArrayPool<float>.Shared.Rent(count);
        try
        {
            scores.AsSpan(0, count).Clear();
            Score(scores);
            return Collect(count, scores);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    /// <summary>Adds up the formula of <see cref="Ranking"/>, term after term; finding terms first, so that the others meet only hits.</summary>
    void Score(float[] scores)
    {
        var live = Math.Max(tables.Count, 1);
        var lengths = tables.Lengths;
        var (averageText, averageTitle, averageKeywords) =
            (Average(lengths.Text, live), Average(lengths.Title, live), Average(lengths.Keywords, live));
        var records = tables.Records;
        foreach (var (term, list) in Chosen())
        {
            var text = term.Weight * Ranking.Text.Weight * Ranking.Idf(live, list.InText);
            var title = term.Weight * Ranking.Title.Weight * Ranking.Idf(live, list.InTitle);
            var keywords = term.Weight * Ranking.Keywords.Weight * Ranking.Idf(live, list.InKeywords);
            var reader = list.Read();
            while (reader.Next())
            {
                ref var score = ref scores[reader.Record];
                if (!term.Finds && score == 0) continue;
                ref readonly var record = ref records[reader.Record];
                score += text * Saturated(reader.Text, record.TextLength, averageText, Ranking.Text.B);
                if (reader.Title > 0) score += title * Saturated(reader.Title, record.TitleLength, averageTitle, Ranking.Title.B);
                if (reader.Keywords > 0)
                    score += keywords * Saturated(reader.Keywords, record.KeywordsLength, averageKeywords, Ranking.Keywords.B);
            }
        }
    }

    List<(QueryTerm Term, PostingList List)> Chosen()
    {
        var known = new List<(QueryTerm Term, PostingList List)>();
        foreach (var term in queryTerms)
        {
            if (tables.TryFind(term.Term, out var list)) known.Add((term, list));
        }

        IEnumerable<(QueryTerm Term, PostingList List)> chosen = known;
        if (query.MaxTerms is { } most && known.Count > most)
            chosen = known.OrderByDescending(term => term.Term.Weight * Ranking.Idf(tables.Count, term.List.InText)).Take(most);
        return [.. chosen.OrderByDescending(term => term.Term.Finds)];
    }

    FoundRecords Collect(int count, float[]? scores)
    {
        var facets = query.WithFacets ? new FacetCounts(tables) : null;
        var best = new PriorityQueue<int, (double Key, Guid Id)>(query.Limit + 1, WorstFirst.Instance);
        var records = tables.Records;
        var total = 0L;
        for (var i = 0; i < count; i++)
        {
            if (scores is not null && scores[i] == 0) continue;
            ref readonly var record = ref records[i];
            if (record.IsGone || !filter.Lets(record)) continue;
            total++;
            facets?.Add(record);
            double key = scores is null ? record.PublishedTicks : scores[i];
            var place = (key, record.Id);
            if (best.Count == query.Limit && best.TryPeek(out _, out var worst) && WorstFirst.Instance.Compare(place, worst) <= 0) continue;
            if (query.After is { } after && WorstFirst.Instance.Compare(place, (after.SortKey, after.AchievementId)) >= 0) continue;
            best.Enqueue(i, place);
            if (best.Count > query.Limit) best.Dequeue();
        }

        var hits = new FoundRecord[best.Count];
        for (var last = hits.Length - 1; last >= 0; last--)
        {
            best.TryDequeue(out var i, out var at);
            hits[last] = new FoundRecord(records[i].Packed!, at.Key);
        }

        return new FoundRecords(hits, total, facets?.Counts ?? FacetCounts.None);
    }

    static float Average(long sum, int count) => Math.Max(1f, sum / (float)count);

    static float Saturated(int times, int length, float average, float b) =>
        times * (Ranking.K1 + 1) / (times + (Ranking.K1 * (1 - b + (b * length / average))));

    /// <summary>The order of an answer backwards: the lowest key first, of equal keys the highest id.</summary>
    sealed class WorstFirst : IComparer<(double Key, Guid Id)>
    {
        public static readonly WorstFirst Instance = new();

        public int Compare((double Key, Guid Id) x, (double Key, Guid Id) y)
        {
            var byKey = x.Key.CompareTo(y.Key);
            return byKey != 0 ? byKey : y.Id.CompareTo(x.Id);
        }
    }
}

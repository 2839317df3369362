namespace TechMarket.Benchmarks.Ranking;

/// <summary>How good rankings are, query by query.</summary>
/// <param name="Ndcg10">Gain is the relevance, the discount logarithmic.</param>
/// <param name="Mrr10">One over the place of the first hit.</param>
/// <param name="Recall100">The share of the hits among the first hundred.</param>
sealed record Measures(double[] Ndcg10, double[] Mrr10, double[] Recall100)
{
    /// <summary>Judges rankings. Labels with zeros say that only what was judged counts; then a hit is a relevance of two.</summary>
    public static Measures Of(EvalTask task, IReadOnlyDictionary<string, IReadOnlyList<string>> rankings)
    {
        var onlyJudged = OnlyJudged(task);
        var hitFrom = onlyJudged ? 2 : 1;
        List<double> ndcg = [], mrr = [], recall = [];
        foreach (var (query, _) in task.Queries)
        {
            if (!task.Relevance.TryGetValue(query, out var relevance) || relevance.Values.All(value => value < hitFrom)) continue;
            var ranking = rankings[query].Where(id => !onlyJudged || relevance.ContainsKey(id)).ToList();
            var gains = ranking.Take(10).Select(id => Math.Max(relevance.GetValueOrDefault(id), 0)).ToList();
            var ideal = relevance.Values.Where(value => value > 0).OrderDescending().Take(10).ToList();
            ndcg.Add(Dcg(gains) / Dcg(ideal));
            var first = gains.FindIndex(gain => gain >= hitFrom);
            mrr.Add(first < 0 ? 0 : 1.0 / (first + 1));
            recall.Add((double)ranking.Take(100).Count(id => relevance.GetValueOrDefault(id) >= hitFrom) / relevance.Values.Count(value => value >= hitFrom));
        }

        return new Measures([.. ndcg], [.. mrr], [.. recall]);
    }

    /// <summary>True when the labels also name documents that do not fit.</summary>
    public static bool OnlyJudged(EvalTask task) => task.Relevance.Values.Any(relevance => relevance.ContainsValue(0));

    /// <summary>The mean and the middle 95 % of the means of samples drawn with replacement; seeded.</summary>
    public static (double Mean, double Low, double High) Interval(IReadOnlyList<double> values)
    {
        const int samples = 1_000;
        if (values.Count == 0) return (double.NaN, double.NaN, double.NaN);
        var random = new Random(20261124);
        var means = new double[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++) sum += values[random.Next(values.Count)];
            means[sample] = sum / values.Count;
        }

        Array.Sort(means);
        return (values.Average(), means[samples / 40], means[samples - 1 - (samples / 40)]);
    }

    static double Dcg(IEnumerable<int> gains) => gains.Select((gain, i) => gain / Math.Log2(i + 2)).Sum();
}

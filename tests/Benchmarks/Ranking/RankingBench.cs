using System.Globalization;
using System.Text.Json;
using TechMarket.Search;

namespace TechMarket.Benchmarks.Ranking;

/// <summary><c>./dev bench ranking</c>: ranks the documents of retrieval tasks by the product's own search, as <c>GET /api/achievements?q=</c>
/// would, and judges the rankings beside the baseline's in the same run.</summary>
static class RankingBench
{
    const int Deep = 1_000;
    const int RunLines = 100;
    const int QueryMax = 500;

    sealed record Row(string What, double Value, string Unit, double Baseline, double Ratio);

    public static async Task<int> RunAsync(string[] options)
    {
        var tasks = Option(options, "--task") is { } one ? [one] : Known();
        if (tasks.Count == 0)
        {
            Console.Error.WriteLine("没有检索任务 · there is no retrieval task: --task DIR");
            return 1;
        }

        if (Option(options, "--adapter") is { } adapter && adapter != "embedded")
        {
            Console.Error.WriteLine($"没有此适配器 · no such adapter: {adapter} (embedded)");
            return 2;
        }

        var runFile = Option(options, "--run");
        List<Row> rows = [];
        Console.WriteLine($"{"task",-24}{"measure",-12}{"embedded",28}{"BM25 baseline",28}{"ratio",8}");
        foreach (var folder in tasks)
        {
            var task = EvalTask.Read(folder);
            var rankings = await RankAsync(task, runFile);
            if (task.Relevance.Count == 0) continue;
            var baseline = new Bm25(task.Documents);
            var depth = Measures.OnlyJudged(task) ? int.MaxValue : RunLines;
            var ours = Measures.Of(task, rankings);
            var theirs = Measures.Of(task, task.Queries.ToDictionary(query => query.Id, query => baseline.Rank(query.Text, depth)));
            foreach (var (name, mine, other) in new[]
            {
                ("NDCG@10", ours.Ndcg10, theirs.Ndcg10), ("MRR@10", ours.Mrr10, theirs.Mrr10), ("Recall@100", ours.Recall100, theirs.Recall100),
            })
            {
                var (mean, low, high) = Measures.Interval(mine);
                var (baseMean, baseLow, baseHigh) = Measures.Interval(other);
                rows.Add(new Row($"{name.ToLowerInvariant().Replace('@', '_')}_{task.Name}", mean, "", baseMean, mean / baseMean));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{task.Name,-24}{name,-12}{Spread(mean, low, high),28}{Spread(baseMean, baseLow, baseHigh),28}{mean / baseMean,8:0.00}"));
            }
        }

        if (options.Contains("--json")) Console.WriteLine(JsonSerializer.Serialize(new { name = "ranking", rows }, JsonSerializerOptions.Web));
        return 0;
    }

    /// <summary>The ranked ids of every query; the first hundred go into the run. Labels take no part.</summary>
    static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RankAsync(EvalTask task, string? runFile)
    {
        IAchievementIndex index = new EmbeddedAchievementIndex();
        foreach (var batch in task.Records().Chunk(500)) await index.UpsertAsync(batch, CancellationToken.None);
        Dictionary<string, IReadOnlyList<string>> rankings = [];
        await using var run = runFile is null ? null : new StreamWriter(runFile, append: false);
        foreach (var (id, text) in task.Queries)
        {
            // What the search of the API takes at most.
            var query = text.Length > QueryMax ? text[..QueryMax] : text;
            var answer = await index.SearchAsync(new SearchQuery(query, SearchFilter.None, Deep), CancellationToken.None);
            rankings[id] = [.. answer.Hits.Select(hit => hit.Achievement.Origin!.SourceId)];
            if (run is null) continue;
            foreach (var (hit, i) in answer.Hits.Take(RunLines).Select((hit, i) => (hit, i)))
                await run.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{id} Q0 {hit.Achievement.Origin!.SourceId} {i + 1} {hit.Score:R} techmarket"));
        }

        return rankings;
    }

    static string Spread(double mean, double low, double high) =>
        string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ({low:0.000}–{high:0.000})");

    static List<string> Known()
    {
        var folder = Environment.GetEnvironmentVariable("TECHMARKET_EVAL") is { Length: > 0 } given ? given : Path.Combine("..", "shared", "data", "eval");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.GetDirectories(folder).Where(task => Directory.Exists(Path.Combine(task, "dev"))).Order(StringComparer.Ordinal)];
    }

    static string? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;
}

using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using TechMarket.Events;

namespace TechMarket.Benchmarks.Ranking;

/// <summary>A retrieval task: documents, queries, and which documents answer which query. The labels are read for judging alone.</summary>
/// <param name="Name">The name of its folder; for people only.</param>
/// <param name="Documents">Id, title, text.</param>
/// <param name="Queries">Id, text.</param>
/// <param name="Relevance">By query and document; empty without labels.</param>
sealed record EvalTask(
    string Name, IReadOnlyList<(string Id, string Title, string Text)> Documents, IReadOnlyList<(string Id, string Text)> Queries,
    IReadOnlyDictionary<string, Dictionary<string, int>> Relevance)
{
    const int SummaryMax = 4_000;
    const int DescriptionMax = 20_000;

    /// <summary>A record must have a title; this one says nothing, and is no term to any analyser.</summary>
    public const string NoTitle = "—";

    public static EvalTask Read(string folder)
    {
        var documents = Rows(Path.Combine(folder, "docs.tsv"))
            .Select(row => (row[0], row.ElementAtOrDefault(1) ?? "", row.ElementAtOrDefault(2) ?? "")).ToList();
        var queries = Rows(Path.Combine(folder, "dev", "queries.tsv")).Select(row => (row[0], row.ElementAtOrDefault(1) ?? "")).ToList();
        var labels = Path.Combine(folder, "dev", "qrels.tsv");
        var relevance = !File.Exists(labels) ? [] : Rows(labels).GroupBy(row => row[0])
            .ToDictionary(rows => rows.Key, rows => rows.ToDictionary(row => row[1], row => int.Parse(row[2], CultureInfo.InvariantCulture)));
        return new EvalTask(Path.GetFileName(Path.GetFullPath(folder).TrimEnd('/')), documents, queries, relevance);
    }

    /// <summary>The documents as the records that an import makes of them.</summary>
    public IEnumerable<AchievementPublished> Records() => Documents.Select(document => new AchievementPublished(
        IdOf(document.Id), 1, Guid.Empty, "", "", document.Title.Length == 0 ? NoTitle : document.Title, Part(document.Text, 0, SummaryMax),
        Part(document.Text, SummaryMax, DescriptionMax), null, [], null, null, null, null, [], [], [], [], null, new RightsFact(false, false, []), null, null,
        new OriginFact("eval", document.Id, null), "zh", Guid.Empty, DateTimeOffset.UnixEpoch));

    /// <summary>An id that depends on the document's alone, so that a run comes out the same every time.</summary>
    static Guid IdOf(string id) => new(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16));

    static string Part(string text, int from, int length) => from >= text.Length ? "" : text.Substring(from, Math.Min(length, text.Length - from));

    static IEnumerable<string[]> Rows(string path)
    {
        using var reader = new StreamReader(
            File.Exists(path) ? File.OpenRead(path) : new GZipStream(File.OpenRead($"{path}.gz"), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line.Split('\t');
        }
    }
}

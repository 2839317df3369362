using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;

namespace TechMarket.Tools;

/// <summary>Records of an outside source, as the import routes take them.</summary>
/// <param name="Name">The collection's name; with the record's own id it says which record is which when it comes again.</param>
/// <param name="Path">The import route.</param>
/// <param name="Count">How many records there are.</param>
/// <param name="Records">The records, read as they are sent.</param>
public sealed record SourceCollection(string Name, string Path, int Count, IEnumerable<JsonObject> Records);

/// <summary>Knows the collections that can be imported by the files that a folder holds. What a source does not say stays empty.</summary>
public static class SourceCollections
{
    const string Achievements = "/api/achievements/imports";
    const string Needs = "/api/needs/imports";
    const int SummaryMax = 1_000;

    /// <summary>The collections in a folder and in the folders directly below it.</summary>
    public static IReadOnlyList<SourceCollection> Find(string folder) =>
        [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder).SelectMany(In)];

    static IEnumerable<SourceCollection> In(string folder)
    {
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)));
        var patents = Directory.GetFiles(folder, "*.jsonl.gz").Where(ArePatents).Order(StringComparer.Ordinal).ToList();
        if (patents.Count > 0) yield return Collection(name, Achievements, Patents(patents));
        var offers = Directory.Exists(System.IO.Path.Combine(folder, "raw"))
            ? Directory.GetFiles(System.IO.Path.Combine(folder, "raw"), "*_raw.json.gz").Order(StringComparer.Ordinal).ToList() : [];
        if (offers.Count > 0) yield return Collection(name, Achievements, Offers(offers));
        var requirements = System.IO.Path.Combine(folder, "requirements.tsv");
        if (File.Exists(requirements)) yield return Collection(name, Needs, Requirements(requirements));
    }

    static SourceCollection Collection(string name, string path, IEnumerable<JsonObject> records) => new(name, path, records.Count(), records);

    static bool ArePatents(string file)
    {
        using var lines = new StreamReader(Open(file));
        return lines.ReadLine() is { } line && line.Contains("\"assignee\"", StringComparison.Ordinal)
            && line.Contains("\"abstract\"", StringComparison.Ordinal);
    }

    /// <summary>Chinese patents: one JSON object a line with id, title, assignee and abstract. A patent in two files is one record.</summary>
    static IEnumerable<JsonObject> Patents(IEnumerable<string> files)
    {
        HashSet<string> seen = [];
        foreach (var file in files)
        {
            using var lines = new StreamReader(Open(file));
            while (lines.ReadLine() is { } line)
            {
                var record = JsonNode.Parse(line)!;
                var id = (string?)record["id"] ?? "";
                if (!seen.Add(id)) continue;
                yield return new JsonObject
                {
                    ["sourceId"] = id,
                    ["title"] = Text(record["title"]),
                    ["summary"] = Text(record["abstract"]),
                    ["holderName"] = Text(record["assignee"]),
                    ["language"] = "zh",
                };
            }
        }
    }

    /// <summary>Offers of universities: one JSON list a university, named in the file's name.</summary>
    static IEnumerable<JsonObject> Offers(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            using var stream = Open(file);
            var holder = UniversityNames.GetValueOrDefault(System.IO.Path.GetFileName(file).Split('_')[0], "");
            foreach (var record in JsonNode.Parse(stream)!.AsArray())
            {
                yield return new JsonObject
                {
                    ["sourceId"] = Text(record!["page_url"]),
                    ["title"] = Text(record["ip_name"]),
                    ["summary"] = Beginning(Text(record["ip_description"])),
                    ["description"] = Text(record["ip_description"]),
                    ["holderName"] = holder,
                    ["language"] = "en",
                };
            }
        }
    }

    /// <summary>Needs of enterprises: tab-separated with a header line, rid, title and content.</summary>
    static IEnumerable<JsonObject> Requirements(string file)
    {
        using var reader = new CsvReader(new StreamReader(file), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = "\t",
            // Quotation marks are part of the texts.
            Mode = CsvMode.NoEscape,
        });
        reader.Read();
        reader.ReadHeader();
        while (reader.Read())
        {
            yield return new JsonObject
            {
                ["sourceId"] = reader.GetField("rid"),
                ["title"] = reader.GetField("title"),
                ["problem"] = reader.GetField("content"),
            };
        }
    }

    /// <summary>The first sentences of a long text.</summary>
    static string Beginning(string text)
    {
        if (text.Length <= SummaryMax) return text;
        var end = text.LastIndexOf(". ", SummaryMax, StringComparison.Ordinal);
        return end > SummaryMax / 2 ? text[..(end + 1)] : text[..SummaryMax];
    }

    static string Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? ((string)value!).Trim() : "";

    static GZipStream Open(string file) => new(File.OpenRead(file), CompressionMode.Decompress);

    static readonly Dictionary<string, string> UniversityNames = new(StringComparer.Ordinal)
    {
        ["cmu"] = "Carnegie Mellon University",
        ["duke"] = "Duke University",
        ["harvard"] = "Harvard University",
        ["johnsHopkins"] = "Johns Hopkins University",
        ["mit"] = "Massachusetts Institute of Technology",
        ["ohioState"] = "Ohio State University",
        ["princeton"] = "Princeton University",
        ["rutgers"] = "Rutgers University",
        ["stanford"] = "Stanford University",
        ["uArizona"] = "University of Arizona",
        ["uChicago"] = "University of Chicago",
        ["uMinnesota"] = "University of Minnesota",
        ["uWashington"] = "University of Washington",
        ["ucDavis"] = "University of California, Davis",
        ["ucIrvine"] = "University of California, Irvine",
        ["ucSanDiego"] = "University of California San Diego",
        ["ucSantaBarbara"] = "University of California, Santa Barbara",
        ["ucla"] = "University of California, Los Angeles",
        ["umich"] = "University of Michigan",
    };
}

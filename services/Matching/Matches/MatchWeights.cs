using System.Text.Json;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Matches;

/// <summary>How much each fact counts in a match: data with a version, so that an answer can say by which weights it was ranked.</summary>
/// <param name="Version">Named in every answer.</param>
/// <param name="Source">Who set them, and why so.</param>
/// <param name="TitleShare">The part of the text factor that the need's title has, found for itself; the whole text has the rest.</param>
/// <param name="UnknownValue">What a fact counts that one of the two sides does not state, 0–1: less than agreement, more than
/// contradiction.</param>
/// <param name="FreshnessHalfLifeDays">After so many days the freshness of an achievement has halved.</param>
/// <param name="Weights">The weight of each factor; together 1.</param>
public sealed record MatchWeights(
    string Version, string Source, double TitleShare, double UnknownValue, double FreshnessHalfLifeDays,
    IReadOnlyDictionary<string, double> Weights)
{
    /// <summary>The weights that are shipped with the program.</summary>
    public static readonly MatchWeights Shipped = Read();

    static MatchWeights Read()
    {
        using var stream = typeof(MatchWeights).Assembly.GetManifestResourceStream("TechMarket.Matching.Data.match_weights.json")
            ?? throw new InvalidOperationException("The weights of matching are missing.");
        return JsonSerializer.Deserialize<MatchWeights>(stream, Json.Options)!;
    }
}

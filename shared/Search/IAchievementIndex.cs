using TechMarket.Events;

namespace TechMarket.Search;

/// <summary>The index that search and matching share. Two adapters: one in the process, one on Elasticsearch; both compute the same formula.</summary>
public interface IAchievementIndex
{
    /// <summary>Puts published records in. A version that is not newer than the one held is refused silently, so that late and repeated
    /// events do no harm.</summary>
    ValueTask UpsertAsync(IReadOnlyList<AchievementPublished> achievements, CancellationToken ct);

    /// <summary>Takes a record out; versions up to this one do not come back.</summary>
    ValueTask DeleteAsync(Guid achievementId, long version, CancellationToken ct);

    /// <summary>Ranked records for a text, or the newest first without one. Terms are alternatives: every one found adds to the score,
    /// none is required.</summary>
    ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken ct);

    /// <summary>How many records are held.</summary>
    ValueTask<long> CountAsync(CancellationToken ct);
}

/// <summary>A search.</summary>
/// <param name="Text">What is sought; empty for everything.</param>
/// <param name="Filter">What is sought must have these properties.</param>
/// <param name="Limit">Most hits, 1–100 (candidates for matching: up to 1,000).</param>
/// <param name="After">The cursor of the page before: score (or time) and id of its last hit.</param>
/// <param name="WithFacets">Count the hits by field, region and the like; costs a little.</param>
/// <param name="MaxTerms">Only the most telling terms of a long text count; null for all.</param>
public sealed record SearchQuery(
    string? Text, SearchFilter Filter, int Limit, SearchCursor? After = null, bool WithFacets = false, int? MaxTerms = null);

/// <summary>Properties that a hit must have; null asks for nothing.</summary>
/// <param name="TechField">One of the eight.</param>
/// <param name="IndustryPrefix">A GB/T 4754 code; covers what begins with it.</param>
/// <param name="RegionPrefix">The leading digits of a GB/T 2260 code; covers its subtree.</param>
/// <param name="TrlMin">At least this readiness.</param>
/// <param name="TransferMode">Offered in this mode.</param>
/// <param name="Language">zh or en.</param>
public sealed record SearchFilter(
    string? TechField = null, string? IndustryPrefix = null, string? RegionPrefix = null, int? TrlMin = null, string? TransferMode = null,
    string? Language = null)
{
    /// <summary>Asks for nothing.</summary>
    public static readonly SearchFilter None = new();
}

/// <summary>The place of a hit in the order of an answer.</summary>
/// <param name="SortKey">Its score, or the ticks of its publication where there is no text.</param>
/// <param name="AchievementId">Decides between equals.</param>
public sealed record SearchCursor(double SortKey, Guid AchievementId);

/// <summary>A hit.</summary>
/// <param name="Achievement">The published record.</param>
/// <param name="Score">Higher is better; comparable within one answer only. 0 where there is no text.</param>
/// <param name="Highlights">Passages of title, summary and description with the words found in &lt;em&gt;, everything else HTML-escaped.</param>
/// <param name="SortKey">For the cursor.</param>
public sealed record SearchHit(
    AchievementPublished Achievement, double Score, IReadOnlyDictionary<string, string> Highlights, double SortKey);

/// <summary>What a search found.</summary>
/// <param name="Hits">The best first.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Facets">Counts by property and value (techField, region as province code, trl, transferMode, language), when asked for.</param>
public sealed record SearchAnswer(
    IReadOnlyList<SearchHit> Hits, long Total, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Facets);

using System.Globalization;
using TechMarket.Listings.Registration;
using TechMarket.MarketKit;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Search;

/// <summary>Anyone searches the published achievements: terms are alternatives, ranked, never all required; without any, the newest come first.</summary>
public static class SearchAchievements
{
    const int QueryMax = 500;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/achievements", HandleAsync).ForAnyone().Produces<SearchPage>().ProducesProblem(400).WithSummary("Search achievements");

    static async Task<IResult> HandleAsync(
        string? q, string? techField, string? industryCode, string? regionCode, int? trlMin, string? transferMode, string? language, int? limit,
        string? cursor, IAchievementIndex index, CancellationToken ct)
    {
        var shape = new Shape();
        var (text, filter) = Check(shape, q, techField, industryCode, regionCode, trlMin, transferMode, language);
        var size = Cursor.Limit(shape, limit);
        var after = ReadCursor(shape, cursor);
        if (shape.Problem is { } problem) return problem;

        var found = await index.SearchAsync(new SearchQuery(text, filter, size, after, WithFacets: true), ct);
        var items = found.Hits.Select(Item).ToList();
        var next = found.Hits.Count < size ? null : WriteCursor(found.Hits[^1]);
        return Answer.Ok(new SearchPage(items, found.Total, found.Facets, next));
    }

    /// <summary>Checks what is sought.</summary>
    internal static (string? Text, SearchFilter Filter) Check(
        Shape shape, string? q, string? techField, string? industryCode, string? regionCode, int? trlMin, string? transferMode, string? language)
    {
        var text = shape.OptionalText("q", q, QueryMax);
        if (!string.IsNullOrEmpty(regionCode)) shape.Region("regionCode", regionCode);
        if (!string.IsNullOrEmpty(industryCode)) shape.Industry("industryCode", industryCode);
        return (text, new SearchFilter(
            shape.OptionalOneOf("techField", techField, Codes.TechFields),
            string.IsNullOrEmpty(industryCode) ? null : industryCode,
            string.IsNullOrEmpty(regionCode) ? null : Caller.RegionPrefix(regionCode),
            shape.OptionalRange("trlMin", trlMin, 1, AchievementRules.TrlMax),
            shape.OptionalOneOf("transferMode", transferMode, Codes.TransferModes),
            string.IsNullOrEmpty(language) ? null : language));
    }

    internal static FoundAchievement Item(SearchHit hit)
    {
        var found = hit.Achievement;
        return new FoundAchievement(
            found.AchievementId, found.Title, found.Summary, Math.Round(hit.Score, 6), hit.Highlights, found.Origin?.HolderName ?? found.OrganisationName,
            found.Category, found.Keywords, found.TechField, found.IndustryCode, found.RegionCode, found.Trl, found.TransferModes,
            Money.Cny(found.AskingPriceCny), found.RegistrationNo, found.Origin is { } origin ? new OriginAnswer(origin.Source, origin.SourceId) : null,
            found.PublishedAt);
    }

    static string WriteCursor(SearchHit hit) =>
        Cursor.Write(hit.SortKey.ToString("R", CultureInfo.InvariantCulture), hit.Achievement.AchievementId.ToString("N"));

    static SearchCursor? ReadCursor(Shape shape, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (Cursor.Read(text, 2) is [var key, var id] && double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var sortKey)
            && double.IsFinite(sortKey) && Guid.TryParseExact(id, "N", out var guid))
            return new SearchCursor(sortKey, guid);
        shape.Wrong("cursor", "游标无效，请使用上一页返回的 nextCursor。", "Not a cursor of this list; use the nextCursor of the page before.");
        return null;
    }
}

/// <summary>A page of what was found.</summary>
/// <param name="Items">The best first.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Facets">How many have which property.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record SearchPage(
    IReadOnlyList<FoundAchievement> Items, long Total, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Facets, string? NextCursor);

/// <summary>A published achievement that was found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">成果名称.</param>
/// <param name="Summary">The public summary.</param>
/// <param name="Score">Higher is better, within one answer.</param>
/// <param name="Highlights">Passages with the words found in &lt;em&gt;, everything else HTML-escaped.</param>
/// <param name="Holder">The holder's name.</param>
/// <param name="Category">成果类别.</param>
/// <param name="Keywords">关键词.</param>
/// <param name="TechField">高新技术领域.</param>
/// <param name="IndustryCode">应用行业.</param>
/// <param name="RegionCode">所在地.</param>
/// <param name="Trl">技术就绪水平.</param>
/// <param name="TransferModes">拟转化方式.</param>
/// <param name="AskingPrice">The price asked.</param>
/// <param name="RegistrationNo">批准登记号.</param>
/// <param name="Origin">The outside source, if any.</param>
/// <param name="PublishedAt">When it was published.</param>
public sealed record FoundAchievement(
    Guid Id, string Title, string Summary, double Score, IReadOnlyDictionary<string, string> Highlights, string Holder, string? Category,
    IReadOnlyList<string> Keywords, string? TechField, string? IndustryCode, string? RegionCode, int? Trl, IReadOnlyList<string> TransferModes,
    Money? AskingPrice, string? RegistrationNo, OriginAnswer? Origin, DateTimeOffset PublishedAt);

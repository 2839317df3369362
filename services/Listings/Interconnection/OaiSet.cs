using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Interconnection;

/// <summary>A set that is harvested by itself: a category, a field, or a region with its subtree.</summary>
/// <param name="Kind">category, field or region.</param>
/// <param name="Value">A code of its list; null for all that have one.</param>
public sealed record OaiSet(string Kind, string? Value)
{
    static readonly Dictionary<string, string> Names = new() { ["category"] = "成果类别", ["field"] = "高新技术领域", ["region"] = "所在地" };

    /// <summary>Its setSpec.</summary>
    public string Spec => Value is null ? Kind : $"{Kind}:{Value}";

    /// <summary>Its name for people.</summary>
    public string Name => Value is null ? Names[Kind] : Kind == "region" ? Codes.Regions[Value] : Value;

    /// <summary>Reads a setSpec; null when there is no such set.</summary>
    public static OaiSet? Read(string spec)
    {
        if (spec.Split(':') is not [var kind, ..] parts || parts.Length > 2 || !Names.ContainsKey(kind)) return null;
        if (parts.Length == 1) return new OaiSet(kind, null);
        var isKnown = kind switch
        {
            "category" => Codes.AchievementCategories.Contains(parts[1]),
            "field" => Codes.TechFields.Contains(parts[1]),
            _ => Codes.Regions.ContainsKey(parts[1]),
        };
        return isKnown ? new OaiSet(kind, parts[1]) : null;
    }

    /// <summary>The sets that an achievement belongs to.</summary>
    public static IEnumerable<OaiSet> Of(AchievementContent content)
    {
        if (content.Category is not null) yield return new OaiSet("category", content.Category);
        if (content.TechField is not null) yield return new OaiSet("field", content.TechField);
        foreach (var region in Lineage(content.RegionCode)) yield return new OaiSet("region", region);
    }

    /// <summary>All sets there are, of regions those that hold something.</summary>
    public static async Task<IReadOnlyList<OaiSet>> AllAsync(Database database, CancellationToken ct)
    {
        var regions = await database.QueryAsync<string>(
            "select distinct region_code from achievement where published_version > 0 and region_code is not null", null, ct);
        return
        [
            .. Names.Keys.Select(kind => new OaiSet(kind, null)),
            .. Codes.AchievementCategories.Order(StringComparer.Ordinal).Select(value => new OaiSet("category", value)),
            .. Codes.TechFields.Order(StringComparer.Ordinal).Select(value => new OaiSet("field", value)),
            .. regions.SelectMany(Lineage).Distinct().Order(StringComparer.Ordinal).Select(value => new OaiSet("region", value)),
        ];
    }

    /// <summary>A region and the regions above it, as far as the table knows them.</summary>
    static IEnumerable<string> Lineage(string? region) => region is null ? []
        : new[] { $"{region[..2]}0000", $"{region[..4]}00", region }.Distinct().Where(Codes.Regions.ContainsKey);
}

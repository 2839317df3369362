using TechMarket.Events;

namespace TechMarket.Search.Tests;

/// <summary>Published records made up for the tests.</summary>
public static class Records
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static AchievementPublished Of(
        string title, string summary = "", string description = "", string[]? keywords = null, string? techField = null,
        string? industryCode = null, string? regionCode = null, int? trl = null, string[]? modes = null, string language = "zh",
        long version = 1, Guid? id = null, int day = 0, string? holder = null, string? patent = null) =>
        new(id ?? Guid.CreateVersion7(), version, Guid.CreateVersion7(), "某大学", "university", title, summary, description, "applied_technology",
            keywords ?? [], techField, industryCode, regionCode, trl, modes ?? [],
            patent is null ? [] : [new IntellectualPropertyFact("invention", patent)], [], [], null,
            new RightsFact(false, false, []), null, null, holder is null ? null : new OriginFact("somewhere", "1", holder), language,
            Guid.CreateVersion7(), Start.AddDays(day));
}

namespace TechMarket.Search;

/// <summary>A filter in the terms of the columns: which numbers of each property pass.</summary>
sealed class FilterColumns
{
    readonly bool[]? techFields;
    readonly bool[]? industries;
    readonly bool[]? regions;
    readonly bool[]? languages;
    readonly ulong? transferMode;
    readonly int trlMin;

    public FilterColumns(IndexTables tables, SearchFilter filter)
    {
        techFields = Exactly(filter.TechField);
        languages = Exactly(filter.Language);
        industries = Beginning(filter.IndustryPrefix);
        regions = Beginning(filter.RegionPrefix);
        trlMin = filter.TrlMin ?? 0;
        if (filter.TransferMode is { } mode)
        {
            var at = tables.Modes.IndexOf(mode);
            transferMode = at < 0 ? 0 : 1UL << at;
        }

        bool[]? Exactly(string? value) => value is null ? null : Passing(text => text == value);

        bool[]? Beginning(string? prefix) =>
            string.IsNullOrEmpty(prefix) ? null : Passing(text => text.StartsWith(prefix, StringComparison.Ordinal));

        bool[] Passing(Func<string, bool> passes) => [.. tables.Texts.Select(text => text.Length > 0 && passes(text))];
    }

    /// <summary>True when a record has all that is asked for.</summary>
    public bool Lets(in RecordColumns record) =>
        (techFields is null || techFields[record.TechField])
        && (regions is null || regions[record.Region])
        && (industries is null || industries[record.Industry])
        && (languages is null || languages[record.Language])
        && record.Trl >= trlMin
        && (transferMode is not { } mode || (record.TransferModes & mode) != 0);
}

/// <summary>Counts hits by property and value.</summary>
sealed class FacetCounts(IndexTables tables)
{
    const int TrlMax = 100;

    /// <summary>Nothing was counted.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> None =
        new Dictionary<string, IReadOnlyDictionary<string, long>>();

    readonly long[] techFields = new long[tables.Texts.Count];
    readonly long[] regions = new long[tables.Texts.Count];
    readonly long[] languages = new long[tables.Texts.Count];
    readonly long[] levels = new long[TrlMax + 1];
    readonly long[] modes = new long[tables.Modes.Count];

    /// <summary>Counts a hit.</summary>
    public void Add(in RecordColumns record)
    {
        techFields[record.TechField]++;
        regions[record.Region]++;
        languages[record.Language]++;
        levels[record.Trl]++;
        for (var left = record.TransferModes; left != 0; left &= left - 1) modes[System.Numerics.BitOperations.TrailingZeroCount(left)]++;
    }

    /// <summary>The counts; a property that no hit has is missing, as is a missing value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Counts => new Dictionary<string, IReadOnlyDictionary<string, long>>
    {
        ["techField"] = ByText(techFields, text => text),
        ["region"] = ByText(regions, text => $"{text[..2]}0000"),
        ["trl"] = levels.Select((count, level) => (count, level)).Where(entry => entry.count > 0 && entry.level > 0)
            .ToDictionary(entry => entry.level.ToString(System.Globalization.CultureInfo.InvariantCulture), entry => entry.count),
        ["transferMode"] = modes.Select((count, mode) => (count, mode)).Where(entry => entry.count > 0)
            .ToDictionary(entry => tables.Modes[entry.mode], entry => entry.count),
        ["language"] = ByText(languages, text => text),
    };

    Dictionary<string, long> ByText(long[] counts, Func<string, string> value) => counts
        .Select((count, number) => (Count: count, Text: tables.Texts[number])).Where(entry => entry.Count > 0 && entry.Text.Length > 1)
        .GroupBy(entry => value(entry.Text)).ToDictionary(group => group.Key, group => group.Sum(entry => entry.Count));
}

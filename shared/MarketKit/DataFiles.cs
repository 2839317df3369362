namespace TechMarket.MarketKit;

/// <summary>The code tables and calendars that are shipped with the program (Data/SOURCES.md says where they come from).</summary>
static class DataFiles
{
    /// <summary>The rows of an embedded CSV file without its header. The files have no quoted commas.</summary>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(DataFiles).Assembly.GetManifestResourceStream($"TechMarket.MarketKit.Data.{name}")
            ?? throw new InvalidOperationException($"The data file {name} is missing.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line) yield return line.Split(',', 2);
    }
}

namespace TechMarket.MarketKit.Tests;

/// <summary>The data files as they are shipped, before anything reads them: a table of codes would hide a code that is there twice.</summary>
static class DataFile
{
    public static string[][] Rows(string name)
    {
        using var stream = typeof(WorkingDays).Assembly.GetManifestResourceStream($"TechMarket.MarketKit.Data.{name}")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];
    }
}

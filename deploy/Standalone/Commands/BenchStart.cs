using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TechMarket.LocalServers;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket bench-start</c>: how long the platform takes from start to ready on existing data, and how much memory it and its
/// PostgreSQL hold when nothing happens. Printed against what is to be reached.</summary>
public static class BenchStart
{
    const double ReadySecondsMax = 10;
    const double RestMebibytesMax = 600;
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);

    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("bench-start", "启动时间与静息内存 · time to ready and memory at rest [--quick] [--json] [--data DIR]", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var rounds = arguments.Has("--quick") ? 2 : 5;
        var isJson = arguments.Has("--json");
        var existing = arguments.Option("--data");
        arguments.End();
        var folder = Directory.CreateTempSubdirectory("techmarket-bench-").FullName;
        var data = existing ?? Path.Combine(folder, "data");
        try
        {
            if (existing is null)
            {
                Console.WriteLine("首次启动，载入演示市场 · first start with the demonstration market");
                await MeasureAsync(data, "demonstration accounts", TimeSpan.Zero, ct);
            }

            List<(double Seconds, double Mebibytes)> seen = [];
            for (var round = 1; round <= rounds; round++)
            {
                seen.Add(await MeasureAsync(data, "TechMarket is ready", Rest, ct));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round}: {seen[^1].Seconds:0.00} s, {seen[^1].Mebibytes:0} MiB"));
            }

            var rows = new[]
            {
                Row("start_to_ready_existing_data", [.. seen.Select(one => one.Seconds)], "s", ReadySecondsMax),
                Row("memory_at_rest_with_postgresql", [.. seen.Select(one => one.Mebibytes)], "MiB", RestMebibytesMax),
            };
            foreach (var row in rows)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{row.What}: {row.Value:0.00} {row.Unit} ({row.Least:0.00}–{row.Most:0.00}), 应不超过 at most {row.Baseline:0}, {row.Ratio:0.00} ×"));
            }

            if (isJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(
                    new { name = "start", rows = rows.Select(row => new { row.What, row.Value, row.Unit, row.Baseline, row.Ratio }) },
                    JsonSerializerOptions.Web));
            }

            return rows.All(row => row.Ratio <= 1) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    sealed record Measured(string What, double Value, string Unit, double Baseline, double Ratio, double Least, double Most);

    static Measured Row(string what, List<double> values, string unit, double baseline)
    {
        values.Sort();
        var median = values[values.Count / 2];
        return new Measured(what, median, unit, baseline, median / baseline, values[0], values[^1]);
    }

    /// <summary>Starts the program as anyone would, waits until it says so, lets it rest, and stops it.</summary>
    static async Task<(double Seconds, double Mebibytes)> MeasureAsync(string data, string said, TimeSpan rest, CancellationToken ct)
    {
        var self = Environment.ProcessPath!;
        string[] command = ["run", "--port", "0", "--data", data];
        if (Path.GetFileNameWithoutExtension(self) == "dotnet") command = [typeof(BenchStart).Assembly.Location, .. command];
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(self, command) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                if (!line.Contains(said, StringComparison.Ordinal)) continue;
                var seconds = watch.Elapsed.TotalSeconds;
                await Task.Delay(rest, ct);
                return (seconds, MemoryOfTree(process.Id) / 1024.0);
            }

            throw new CannotStartException("平台未能启动 · the platform did not start");
        }
        finally
        {
            Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])!.Dispose();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Kibibytes held by a process and everything it started: shared pages are counted by their share (PSS).</summary>
    static long MemoryOfTree(int root)
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Parent: ParentOf(name!))).ToList();
        HashSet<int> tree = [root];
        while (parents.Where(one => tree.Contains(one.Parent) && !tree.Contains(one.Id)).ToList() is { Count: > 0 } children)
            tree.UnionWith(children.Select(child => child.Id));
        return tree.Sum(MemoryOf);
    }

    static int ParentOf(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static long MemoryOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }
}

using TechMarket.LocalServers;
using TechMarket.Standalone.Archive;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket backup FILE</c>: the whole market in one file, whether it runs or not.</summary>
public static class Backup
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("backup", "备份整个市场 · backup FILE: the whole market in one file", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var path = arguments.DataDirectory();
        var file = Path.GetFullPath(arguments.Word() ?? throw new ArgumentException("缺少文件名 · backup FILE: the file is missing"));
        arguments.End();
        if (!Directory.Exists(path)) throw new CannotStartException($"没有数据目录 {path} · there is no data directory {path}");
        if (await DataDirectory.RunningDatabaseAsync(path, ct) is { } running)
        {
            await WriteAsync(running, path, file, ct);
            return 0;
        }

        using var data = await DataDirectory.OpenAsync(path, ct);
        await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
        await WriteAsync(servers.Database, path, file, ct);
        return 0;
    }

    /// <summary>Writes the archive and says what it holds.</summary>
    internal static async Task<Manifest> WriteAsync(string database, string path, string file, CancellationToken ct)
    {
        var last = "";
        var manifest = await Progress.StepAsync(() => $"备份 · backing up {last}",
            () => MarketArchive.WriteAsync(database, path, file, (table, _) => last = table, ct));
        var tables = manifest.Schemas.SelectMany(schema => schema.Tables).ToList();
        Console.WriteLine($"{file}: {tables.Count} 张表 tables, {tables.Sum(table => table.Rows)} 行 rows, {new FileInfo(file).Length / 1024} KiB");
        return manifest;
    }
}

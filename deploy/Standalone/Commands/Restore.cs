using TechMarket.LocalServers;
using TechMarket.Standalone.Archive;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket restore FILE</c>: a market from its backup, in a new data directory.</summary>
public static class Restore
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("restore", "由备份恢复 · restore FILE [--data NEW]: a market from its backup", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var path = arguments.DataDirectory();
        var file = Path.GetFullPath(arguments.Word() ?? throw new ArgumentException("缺少文件名 · restore FILE: the file is missing"));
        arguments.End();
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new CannotStartException($"{path} 不是空目录 · {path} is not empty: restore into a new directory with --data");
        PrivateFile.CreateDirectory(path);
        await MarketArchive.ReadFilesAsync(file, path, ct);
        using var data = await DataDirectory.OpenAsync(path, ct);
        await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
        var manifest = await ReadAsync(data, servers, file, ct);
        Console.WriteLine($"已恢复 · restored: {manifest.Schemas.SelectMany(schema => schema.Tables).Sum(table => table.Rows)} 行 rows → {path}");
        return 0;
    }

    /// <summary>Fills the tables from an archive.</summary>
    internal static async Task<Manifest> ReadAsync(DataDirectory data, Servers servers, string file, CancellationToken ct)
    {
        var last = "";
        return await Progress.StepAsync(() => $"恢复 · restoring {last}", () => MarketArchive.ReadTablesAsync(
            file, servers.Database, async service => (await Services.SettingsAsync(service, data, servers, ct))["Database"]!,
            (table, _) => last = table, ct));
    }
}

using System.Globalization;
using TechMarket.LocalServers;
using TechMarket.Standalone.Archive;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket upgrade</c>: brings the data of an older version up to this one: schemas, and the release of the embedded
/// PostgreSQL where a newer one is there. A backup is written first.</summary>
public static class Upgrade
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("upgrade", "升级数据与内置 PostgreSQL · bring the data, embedded PostgreSQL included, up to date", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var path = arguments.DataDirectory();
        arguments.End();
        if (!File.Exists(Path.Combine(path, "secret"))) throw new CannotStartException($"{path} 中没有市场数据 · {path} holds no market");
        using var data = await DataDirectory.OpenAsync(path, ct);
        PrivateFile.CreateDirectory(data.Part("backups"));
        var stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var file = data.Part($"backups/before-upgrade-{stamp}.tar.gz");
        await using (var servers = await Servers.StartAsync(data, withBroker: false, ct)) await Backup.WriteAsync(servers.Database, path, file, ct);

        var isEmbedded = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TECHMARKET_POSTGRES"));
        var from = EmbeddedPostgres.MajorOf(data.Part("postgres"));
        var newest = isEmbedded ? (await PostgresBinaries.FindAsync(null, ct)).Major : from;
        if (isEmbedded && newest > from) await MoveAsync(data, file, $"postgres-{from}-{stamp}", ct);
        else await MigrateAsync(data, ct);
        Console.WriteLine(newest > from
            ? $"已升级到 PostgreSQL {newest}，旧数据保留在 · upgraded from PostgreSQL {from} to {newest}; the old data stay in {data.Part($"postgres-{from}-{stamp}")}"
            : "已是最新 · up to date");
        return 0;
    }

    /// <summary>Moves the market into a cluster of the newer release; if that fails, the old one is put back as it was.</summary>
    static async Task MoveAsync(DataDirectory data, string file, string aside, CancellationToken ct)
    {
        Directory.Move(data.Part("postgres"), data.Part(aside));
        try
        {
            await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
            await Restore.ReadAsync(data, servers, file, ct);
        }
        catch
        {
            if (Directory.Exists(data.Part("postgres"))) Directory.Delete(data.Part("postgres"), recursive: true);
            Directory.Move(data.Part(aside), data.Part("postgres"));
            throw;
        }
    }

    static async Task MigrateAsync(DataDirectory data, CancellationToken ct)
    {
        await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
        foreach (var service in Services.All)
            await MarketArchive.MigrateAsync(service, (await Services.SettingsAsync(service, data, servers, ct))["Database"]!, null, ct);
    }
}

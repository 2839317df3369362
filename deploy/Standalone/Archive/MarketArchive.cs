using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Dapper;
using Npgsql;
using TechMarket.LocalServers;
using TechMarket.ServiceKit;

namespace TechMarket.Standalone.Archive;

/// <summary>A whole market in one file: every table of every service as PostgreSQL copies it out, the state of all schemas at one moment, and
/// the files of the data directory. It depends on no release of PostgreSQL, so it also carries a market from one release to the next.</summary>
public static class MarketArchive
{
    /// <summary>Files of the data directory that belong to the market; everything else is made anew.</summary>
    static readonly string[] KeptFiles = ["secret", "operator.json", "demonstration.json", "importer.json", "complete"];
    const string KeptFolder = "files";

    /// <summary>Writes the market to a file. It may be running: all tables are read in one snapshot.</summary>
    /// <param name="database">An administrator's connection.</param>
    /// <param name="dataDirectory">The market's data directory.</param>
    /// <param name="file">The archive; replaced only when it is whole.</param>
    /// <param name="done">Told each table as it is copied, and its rows.</param>
    /// <param name="ct">Gives up; no archive is left.</param>
    public static async Task<Manifest> WriteAsync(
        string database, string dataDirectory, string file, Action<string, long> done, CancellationToken ct)
    {
        var draft = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            Manifest manifest;
            await using (var stream = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            await using (var zip = new GZipStream(stream, CompressionLevel.Fastest))
            await using (var tar = new TarWriter(zip, TarEntryFormat.Pax))
            {
                manifest = await WriteTablesAsync(database, tar, done, ct);
                await WriteFilesAsync(dataDirectory, tar, ct);
            }

            File.Move(draft, file, overwrite: true);
            return manifest;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Puts the files of an archive into an empty data directory, so that it can be opened.</summary>
    /// <exception cref="CannotStartException">The file is no archive of a market.</exception>
    public static async Task ReadFilesAsync(string file, string dataDirectory, CancellationToken ct) =>
        await EachEntryAsync(file, async entry =>
        {
            if (!entry.Name.StartsWith("data/", StringComparison.Ordinal)) return;
            var target = Path.GetFullPath(Path.Combine(dataDirectory, entry.Name["data/".Length..]));
            if (!target.StartsWith(dataDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await entry.ExtractToFileAsync(target, overwrite: true, ct);
        }, ct);

    /// <summary>Brings every table of an archive into a database of ours and then the schemas up to date.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="database">An administrator's connection.</param>
    /// <param name="connectionOf">Makes role and schema of a service and answers its connection.</param>
    /// <param name="done">Told each table as it is filled, and its rows.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Manifest> ReadTablesAsync(
        string file, string database, Func<ServiceDefinition, Task<string>> connectionOf, Action<string, long> done, CancellationToken ct)
    {
        var manifest = await ReadManifestAsync(file, ct);
        foreach (var service in Services.All) await MigrateAsync(service, await connectionOf(service), manifest, ct);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(ct);
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            // What the tables hold was valid when it was read; triggers and foreign keys are not asked again.
            await connection.ExecuteAsync("set local session_replication_role = replica", transaction: transaction);
            foreach (var schema in manifest.Schemas.Where(schema => schema.Tables.Count > 0))
                await connection.ExecuteAsync($"truncate {string.Join(", ", schema.Tables.Select(table => table.Sql(schema.Name)))}", transaction: transaction);
            await EachEntryAsync(file, async entry =>
            {
                if (manifest.TableOf(entry.Name) is not { } found) return;
                var (schema, table) = found;
                await using var target = await connection.BeginTextImportAsync($"copy {table.Sql(schema)} ({table.ColumnsSql}) from stdin", ct);
                if (entry.DataStream is { } rows) await CopyAsync(new StreamReader(rows), target, ct);
                done($"{schema}.{table.Name}", table.Rows);
            }, ct);
            foreach (var schema in manifest.Schemas)
            {
                foreach (var sequence in schema.Sequences)
                {
                    await connection.ExecuteAsync("select setval(format('%I.%I', @schema, @name)::regclass, @value)",
                        new { schema = schema.Name, name = sequence.Name, value = sequence.Value }, transaction);
                }
            }

            await transaction.CommitAsync(ct);
        }

        foreach (var service in Services.All) await MigrateAsync(service, await connectionOf(service), null, ct);
        return manifest;
    }

    static async Task<Manifest> WriteTablesAsync(string database, TarWriter tar, Action<string, long> done, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var schemas = new List<Manifest.Schema>();
        List<(string Entry, string File)> copies = [];
        var folder = Directory.CreateTempSubdirectory("techmarket-backup-");
        try
        {
            foreach (var service in Services.All)
            {
                var schema = await Manifest.Schema.ReadAsync(connection, service.Name);
                var tables = new List<Manifest.Table>();
                foreach (var table in schema.Tables)
                {
                    var copy = Path.Combine(folder.FullName, $"{schema.Name}.{table.Name}");
                    await using (var target = new StreamWriter(copy))
                    using (var source = await connection.BeginTextExportAsync($"copy {table.Sql(schema.Name)} ({table.ColumnsSql}) to stdout", ct))
                        await CopyAsync(source, target, ct);
                    var rows = await connection.ExecuteScalarAsync<long>($"select count(1) from {table.Sql(schema.Name)}");
                    tables.Add(table with { Rows = rows });
                    copies.Add((Manifest.EntryName(schema.Name, table.Name), copy));
                    done($"{schema.Name}.{table.Name}", rows);
                }

                schemas.Add(schema with { Tables = tables });
            }

            var version = typeof(MarketArchive).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            var manifest = new Manifest(Manifest.CurrentFormat, version, TimeProvider.System.GetUtcNow(), schemas);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Manifest.FileName)
            {
                DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, JsonSerializerOptions.Web)),
            }, ct);
            foreach (var (entry, copy) in copies) await tar.WriteEntryAsync(copy, entry, ct);
            return manifest;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task CopyAsync(TextReader from, TextWriter to, CancellationToken ct)
    {
        var buffer = new char[64 * 1024];
        for (int read; (read = await from.ReadBlockAsync(buffer, ct)) > 0;) await to.WriteAsync(buffer.AsMemory(0, read), ct);
    }

    static async Task WriteFilesAsync(string dataDirectory, TarWriter tar, CancellationToken ct)
    {
        var kept = KeptFiles.Select(name => Path.Combine(dataDirectory, name)).Where(File.Exists);
        var folder = Path.Combine(dataDirectory, KeptFolder);
        if (Directory.Exists(folder)) kept = kept.Concat(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        foreach (var file in kept) await tar.WriteEntryAsync(file, $"data/{Path.GetRelativePath(dataDirectory, file)}", ct);
    }

    static async Task<Manifest> ReadManifestAsync(string file, CancellationToken ct)
    {
        Manifest? manifest = null;
        await EachEntryAsync(file, async entry =>
        {
            if (entry.Name == Manifest.FileName && entry.DataStream is { } text)
                manifest = await JsonSerializer.DeserializeAsync<Manifest>(text, JsonSerializerOptions.Web, ct);
        }, ct);
        return manifest is { Format: Manifest.CurrentFormat }
            ? manifest
            : throw new CannotStartException($"{file} 不是本版本能读取的备份 · {file} is no backup that this version can read");
    }

    static async Task EachEntryAsync(string file, Func<TarEntry, Task> take, CancellationToken ct)
    {
        if (!File.Exists(file)) throw new CannotStartException($"没有文件 {file} · there is no file {file}");
        try
        {
            await using var stream = File.OpenRead(file);
            await using var plain = new GZipStream(stream, CompressionMode.Decompress);
            await using var tar = new TarReader(plain);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry) await take(entry);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CannotStartException($"{file} 已损坏或不是备份 · {file} is damaged or no backup: {e.Message}");
        }
    }

    /// <summary>Brings the schema of a service up to date, or to the state that an archive was taken from.</summary>
    internal static async Task MigrateAsync(ServiceDefinition service, string connection, Manifest? upTo, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        var applied = upTo?.Schemas.SingleOrDefault(schema => schema.Name == service.Name)?.Migrations.ToHashSet();
        await Migrator.RunAsync(database, service.Migrations.Prepend(typeof(ServiceHost).Assembly), ct,
            applied is null ? null : (component, number) => applied.Contains(new Manifest.Migration(component, number)));
    }
}

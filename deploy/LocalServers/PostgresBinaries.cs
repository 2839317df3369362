using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace TechMarket.LocalServers;

/// <summary>The programs of a PostgreSQL release: the installed one, else the pinned npm package.</summary>
/// <param name="Directory">Where <c>initdb</c> and <c>postgres</c> lie.</param>
/// <param name="Major">The release: 15 and later.</param>
public sealed record PostgresBinaries(string Directory, int Major)
{
    const int MajorMin = 15;
    const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>The path of one of the programs.</summary>
    public string Program(string name) => Path.Combine(Directory, name);

    /// <summary>Finds the newest installed release, or fetches the pinned package.</summary>
    /// <param name="major">Only this release will do, because data was made by it; null for any.</param>
    /// <param name="ct">Stops the download.</param>
    /// <exception cref="CannotStartException">Neither is to be had.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? major, CancellationToken ct)
    {
        var package = PinnedPackage();
        var fits = package is not null && (major is null || package.Major == major);
        // For tests, and for whoever wants to try the package on a machine that has PostgreSQL.
        var prefersPackage = Environment.GetEnvironmentVariable("TECHMARKET_POSTGRES_BINARIES") == "npm";
        if (fits && prefersPackage) return await FetchAsync(package!, ct);
        var found = (await InstalledAsync(ct)).Where(one => major is null || one.Major == major).MaxBy(one => one.Major);
        if (found is not null) return found;
        if (fits) return await FetchAsync(package!, ct);
        throw new CannotStartException(major is null
            ? "没有 PostgreSQL 15 或更高版本 · PostgreSQL 15 or later is missing: apt-get install postgresql"
            : $"数据由 PostgreSQL {major} 建立而本机没有该版本 · The data was made by PostgreSQL {major}, which is missing: apt-get install postgresql-{major}");
    }

    /// <summary>Every installed release from 15 on.</summary>
    public static async Task<IReadOnlyList<PostgresBinaries>> InstalledAsync(CancellationToken ct)
    {
        List<string> directories = [];
        if (System.IO.Directory.Exists("/usr/lib/postgresql"))
            directories.AddRange(System.IO.Directory.GetDirectories("/usr/lib/postgresql").Select(release => Path.Combine(release, "bin")));
        if (ChildProcess.Find("postgres") is { } onPath) directories.Add(Path.GetDirectoryName(onPath)!);
        List<PostgresBinaries> installed = [];
        foreach (var directory in directories.Where(directory =>
            File.Exists(Path.Combine(directory, "postgres")) && File.Exists(Path.Combine(directory, "initdb"))))
        {
            // «postgres (PostgreSQL) 15.18 (Debian …)»
            var (_, output) = await ChildProcess.RunAsync(new ChildStart(Path.Combine(directory, "postgres"), ["--version"]), ct);
            var version = output.Split(' ').SkipWhile(word => word != "(PostgreSQL)").Skip(1).FirstOrDefault() ?? "";
            var digits = version.TakeWhile(char.IsAsciiDigit).ToArray();
            if (int.TryParse(digits, CultureInfo.InvariantCulture, out var major) && major >= MajorMin)
                installed.Add(new PostgresBinaries(directory, major));
        }

        return installed;
    }

    /// <summary>Where the package is kept: shared by all data directories of a user, because its programs must lie where the server's
    /// account can read them.</summary>
    static string CacheDirectory()
    {
        if (ServerAccount.IsRoot) return "/var/cache/techmarket";
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(xdg)) xdg = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(xdg, "techmarket");
    }

    static Package? PinnedPackage()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("TechMarket.LocalServers.Data.postgres-packages.json")!;
        using var packages = JsonDocument.Parse(stream);
        var platform = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        return OperatingSystem.IsLinux() && packages.RootElement.TryGetProperty(platform, out var package)
            ? package.Deserialize<Package>(JsonSerializerOptions.Web)
            : null;
    }

    static async Task<PostgresBinaries> FetchAsync(Package package, CancellationToken ct)
    {
        var cache = CacheDirectory();
        var home = Path.Combine(cache, $"postgres-{package.Version}");
        var binaries = new PostgresBinaries(Path.Combine(home, "bin"), package.Major);
        if (File.Exists(binaries.Program("postgres"))) return binaries;
        var npm = ChildProcess.Find("npm") ?? throw new CannotStartException(
            "没有 PostgreSQL，也没有 npm 可供下载 · PostgreSQL is missing, and npm to fetch it with: apt-get install postgresql");
        System.IO.Directory.CreateDirectory(cache);
        var draft = Path.Combine(cache, $"fetch-{Environment.ProcessId}-{Guid.NewGuid():N}");
        System.IO.Directory.CreateDirectory(draft);
        try
        {
            var (exitCode, output) = await ChildProcess.RunAsync(
                new ChildStart(npm, ["pack", $"{package.Name}@{package.Version}", "--pack-destination", draft, "--silent"]), ct);
            var archive = System.IO.Directory.GetFiles(draft, "*.tgz").SingleOrDefault();
            if (exitCode != 0 || archive is null)
            {
                throw new CannotStartException($"没有 PostgreSQL，npm 也下载不到 {package.Name} · PostgreSQL is missing and npm could not fetch "
                    + $"{package.Name}: apt-get install postgresql ({output.Split('\n')[^1]})");
            }

            await CheckAsync(archive, package, ct);
            await ExtractAsync(archive, draft, ct);
            var native = Path.Combine(draft, "package", "native");
            MakeUsable(native);
            try
            {
                System.IO.Directory.Move(native, home);
            }
            catch (IOException) when (File.Exists(binaries.Program("postgres")))
            {
                // Another process fetched it meanwhile.
            }
        }
        finally
        {
            System.IO.Directory.Delete(draft, recursive: true);
        }

        return binaries;
    }

    static async Task CheckAsync(string archive, Package package, CancellationToken ct)
    {
        await using var stream = File.OpenRead(archive);
        var integrity = $"sha512-{Convert.ToBase64String(await SHA512.HashDataAsync(stream, ct))}";
        if (integrity != package.Integrity)
        {
            throw new CannotStartException($"{package.Name}@{package.Version} 校验失败，未使用 · it is not the pinned package and was not used: "
                + "apt-get install postgresql");
        }
    }

    static async Task ExtractAsync(string archive, string directory, CancellationToken ct)
    {
        await using var file = File.OpenRead(archive);
        await using var plain = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(plain, directory, overwriteFiles: true, ct);
    }

    /// <summary>npm packages carry neither symbolic links nor, reliably, the executable bit; a list of the links lies beside.</summary>
    static void MakeUsable(string native)
    {
        foreach (var program in System.IO.Directory.GetFiles(Path.Combine(native, "bin"))) File.SetUnixFileMode(program, Executable);
        using var links = JsonDocument.Parse(File.ReadAllText(Path.Combine(native, "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.GetFullPath(Path.Combine(native, "..", link.GetProperty("source").GetString()!));
            var target = Path.GetFullPath(Path.Combine(native, "..", link.GetProperty("target").GetString()!));
            if (!source.StartsWith(native, StringComparison.Ordinal) || !target.StartsWith(native, StringComparison.Ordinal) || File.Exists(target)) continue;
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    sealed record Package(
        [property: System.Text.Json.Serialization.JsonPropertyName("package")] string Name, string Version, int Major, string Integrity);
}

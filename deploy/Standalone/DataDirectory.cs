using System.Security.Cryptography;
using System.Text.Json;
using TechMarket.LocalServers;

namespace TechMarket.Standalone;

/// <summary>Whom to sign in as to run the platform.</summary>
/// <param name="Email">The operator's e-mail address.</param>
/// <param name="Password">The password.</param>
public sealed record OperatorCredentials(string Email, string Password);

/// <summary>The directory that holds everything of a platform on this machine, and the one program that works on it.</summary>
public sealed class DataDirectory : IDisposable
{
    readonly FileStream held;

    DataDirectory(string path, FileStream held, bool isNew, string secret, OperatorCredentials operators)
    {
        Path = path;
        this.held = held;
        IsNew = isNew;
        Secret = secret;
        Operator = operators;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>True until the first start has succeeded (<see cref="MarkComplete"/>).</summary>
    public bool IsNew { get; }

    /// <summary>What the passwords of the database and the broker are made from.</summary>
    public string Secret { get; }

    /// <summary>The first operator.</summary>
    public OperatorCredentials Operator { get; }

    /// <summary>A part of it.</summary>
    public string Part(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A password of 64 characters for one of our own servers, the same at every start.</summary>
    public string Password(string of) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Secret), System.Text.Encoding.UTF8.GetBytes(of)));

    /// <summary>Opens a directory and keeps every other program off it.</summary>
    /// <exception cref="CannotStartException">Another program works on it, or it cannot be written.</exception>
    public static async Task<DataDirectory> OpenAsync(string path, CancellationToken ct)
    {
        var held = Hold(path);
        try
        {
            var secretFile = System.IO.Path.Combine(path, "secret");
            if (!File.Exists(secretFile)) await PrivateFile.WriteAsync(secretFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), ct);
            var isNew = !File.Exists(System.IO.Path.Combine(path, "complete"));
            File.Delete(System.IO.Path.Combine(path, AddressFile));
            return new DataDirectory(path, held, isNew, await File.ReadAllTextAsync(secretFile, ct), await OperatorAsync(path, ct));
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first start has succeeded; what belongs to a first start is not done again.</summary>
    public void MarkComplete() => File.WriteAllText(Part("complete"), "");

    /// <summary>Tells the tools on this machine where the platform answers; the address comes last, for it says that all is there.</summary>
    public async Task AnnounceAsync(Uri address, string database, CancellationToken ct)
    {
        await PrivateFile.WriteAsync(Part("database"), database, ct);
        await PrivateFile.WriteAsync(Part(AddressFile), address.ToString(), ct);
    }

    /// <summary>Where the platform on a directory answers and whom to sign in as, for the tools on this machine.</summary>
    /// <exception cref="CannotStartException">None runs on it.</exception>
    public static async Task<(Uri Address, OperatorCredentials Operator)> FindRunningAsync(string path, CancellationToken ct)
    {
        var address = System.IO.Path.Combine(path, AddressFile);
        if (!File.Exists(address))
            throw new CannotStartException($"{path} 上没有运行中的平台 · no platform runs on {path}: ./dev run --data {path}");
        return (new Uri(await File.ReadAllTextAsync(address, ct)), await OperatorAsync(path, ct));
    }

    /// <summary>An administrator's connection to the database of the platform that runs on a directory; null when none runs.</summary>
    public static async Task<string?> RunningDatabaseAsync(string path, CancellationToken ct)
    {
        var file = System.IO.Path.Combine(path, "database");
        if (!File.Exists(file)) return null;
        try
        {
            // Who can take the lock is alone: the file was left by a program that was killed.
            using var alone = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (IOException)
        {
            return await File.ReadAllTextAsync(file, ct);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(Part(AddressFile));
        File.Delete(Part("database"));
        held.Dispose();
    }

    const string AddressFile = "address";

    static FileStream Hold(string path)
    {
        try
        {
            PrivateFile.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"不能使用 {path} · {path} cannot be used: {e.Message}");
        }

        try
        {
            // The kernel lets go of it whatever becomes of the program.
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CannotStartException($"不能写入 {path} · {path} cannot be written: {e.Message}");
        }
        catch (IOException)
        {
            var address = System.IO.Path.Combine(path, AddressFile);
            var where = File.Exists(address) ? File.ReadAllText(address) : "";
            throw new CannotStartException($"已有平台在 {path} 上运行 · a platform already runs on {path} {where}".TrimEnd());
        }
    }

    static async Task<OperatorCredentials> OperatorAsync(string path, CancellationToken ct)
    {
        var file = System.IO.Path.Combine(path, "operator.json");
        var known = File.Exists(file)
            ? JsonSerializer.Deserialize<OperatorCredentials>(await File.ReadAllTextAsync(file, ct), JsonSerializerOptions.Web)
            : null;
        var current = new OperatorCredentials(
            Given("TECHMARKET_OPERATOR_EMAIL") ?? known?.Email ?? "operator@techmarket.local",
            Given("TECHMARKET_OPERATOR_PASSWORD") ?? known?.Password ?? $"Tm-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16)}");
        if (current != known) await PrivateFile.WriteAsync(file, JsonSerializer.Serialize(current, JsonSerializerOptions.Web), ct);
        return current;
    }

    static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}

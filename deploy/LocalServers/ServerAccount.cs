using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace TechMarket.LocalServers;

/// <summary>The ordinary account that PostgreSQL runs as when the program runs as root, which PostgreSQL refuses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="UserId">Its numeric id.</param>
/// <param name="GroupId">Its group.</param>
public sealed record ServerAccount(string Name, int UserId, int GroupId)
{
    /// <summary>True when this program runs as root.</summary>
    public static bool IsRoot => geteuid() == 0;

    /// <summary>The account to use: Debian's <c>postgres</c>, else <c>nobody</c>; null for an ordinary user, who needs no other.</summary>
    public static ServerAccount? Current()
    {
        if (!IsRoot) return null;
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4)
            .ToLookup(fields => fields[0], fields => (User: Number(fields[2]), Group: Number(fields[3])));
        var name = new[] { "postgres", "nobody" }.FirstOrDefault(accounts.Contains)
            ?? throw new CannotStartException(
                "PostgreSQL 不能以 root 运行，且没有 postgres 或 nobody 账户 · PostgreSQL refuses root and there is no user postgres or nobody: adduser --system postgres");
        var (user, group) = accounts[name].First();
        return new ServerAccount(name, user, group);
    }

    /// <summary>Makes a directory or file this account's own, and nobody else's.</summary>
    public void Own(string path)
    {
        if (chown(Encoding.UTF8.GetBytes(path + '\0'), UserId, GroupId) != 0)
            throw new IOException($"chown {Name} {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [DllImport("libc")]
    static extern uint geteuid();

    [DllImport("libc", SetLastError = true)]
    static extern int chown(byte[] path, int owner, int group);
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace TechMarket.House.Tests;

/// <summary>The source tree as git holds it.</summary>
public static class Tree
{
    /// <summary>Its root.</summary>
    public static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../.."));

    /// <summary>Every file that is or is about to be committed, as a path from the root with forward slashes.</summary>
    public static readonly IReadOnlyList<string> Files = List();

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files with one of the endings.</summary>
    public static IEnumerable<string> Ending(params string[] endings) => Files.Where(file => endings.Any(file.EndsWith));

    /// <summary>Fails the test with every fault on a line of its own.</summary>
    public static void HasNo(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        if (found.Count > 0) Assert.Fail($"{found.Count} faults:\n{string.Join('\n', found)}");
    }

    static List<string> List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "ls-files --cached --others --exclude-standard")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return [.. files.Where(file => File.Exists(Path.Combine(Root, file)))];
    }

    static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

using System.Text;
using System.Text.RegularExpressions;
using TechMarket.TestKit;

namespace TechMarket.Accounts.Tests.People;

/// <summary>The letters that Accounts has written, as files of its folder.</summary>
public sealed partial class Letters(string folder)
{
    /// <summary>Waits for a letter of a purpose and answers the token it carries.</summary>
    public async Task<string> TokenAsync(string to, string purpose) => (await Eventually.Async(
        () => Task.FromResult(Sent(to, purpose)), tokens => tokens.Count > 0))[0];

    /// <summary>The tokens of all letters of a purpose that have been written to somebody.</summary>
    public IReadOnlyList<string> Sent(string to, string purpose) => [.. Texts(to)
        .SelectMany(text => Link().Matches(text)).Where(link => link.Groups["purpose"].Value == purpose).Select(link => link.Groups["token"].Value)];

    /// <summary>How many letters somebody got.</summary>
    public int Count(string to) => Texts(to).Count();

    IEnumerable<string> Texts(string to) => !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.eml").Select(File.ReadAllText)
        .Where(text => text.Contains(to, StringComparison.Ordinal)).Select(Body);

    /// <summary>The text after the headers; empty while the letter is still being written.</summary>
    static string Body(string letter)
    {
        var parts = letter.ReplaceLineEndings("\n").Split("\n\n", 2);
        var bytes = new byte[letter.Length];
        return parts.Length == 2 && Convert.TryFromBase64String(parts[1], bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : "";
    }

    [GeneratedRegex(@"/(?<purpose>[a-z]+)\?token=(?<token>\S+)")]
    private static partial Regex Link();
}

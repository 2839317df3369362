using System.Text.RegularExpressions;
using Xunit;

namespace TechMarket.House.Tests;

/// <summary>The habits of the house that a reader would otherwise have to watch for.</summary>
public sealed partial class TidyTests
{
    const int FileLinesMax = 400;
    const int LineCharactersMax = 160;

    [Fact]
    public void Files_are_short() =>
        Tree.HasNo(Code().Where(file => Tree.Read(file).Count(c => c == '\n') > FileLinesMax));

    [Fact]
    public void Lines_are_short() =>
        Tree.HasNo(Code().SelectMany(file => Tree.Read(file).Split('\n')
            .Select((line, i) => (line, i)).Where(at => at.line.Length > LineCharactersMax).Select(at => $"{file}:{at.i + 1}")));

    [Fact]
    public void The_clock_is_asked_through_TimeProvider() =>
        Tree.HasNo(Product().Where(file => AsksTheClock(Tree.Read(file))));

    [Fact]
    public void A_clock_asked_directly_is_found() => Assert.True(AsksTheClock("var now = DateTimeOffset.UtcNow;"));

    [Fact]
    public void Tests_do_not_sleep() =>
        Tree.HasNo(Tree.Ending(".cs").Where(file => IsTest(file) && Sleeps(Tree.Read(file))));

    [Fact]
    public void A_sleep_is_found() => Assert.True(Sleeps("await Task.Delay(500);"));

    [Fact]
    public void No_test_is_switched_off() =>
        Tree.HasNo(Tree.Ending(".cs").Where(file => IsTest(file) && SwitchedOff(Tree.Read(file))));

    [Fact]
    public void A_test_switched_off_is_found() => Assert.True(SwitchedOff("[Fact(" + "Skip = \"later\")]"));

    [Fact]
    public void No_machine_of_ours_is_named() =>
        Tree.HasNo(Tree.Files.Where(file => IsText(file) && NamesAMachine(Tree.Read(file))));

    [Fact]
    public void A_path_of_a_machine_is_found() => Assert.True(NamesAMachine("see /" + "home/somebody/notes"));

    [Fact]
    public void Nothing_is_left_to_be_done() =>
        Tree.HasNo(Code().Where(file => LeftOver().IsMatch(Tree.Read(file))));

    [Fact]
    public void Links_between_documents_lead_somewhere() =>
        Tree.HasNo(Tree.Ending(".md").SelectMany(file => BrokenLinks(file, Tree.Read(file))));

    [Fact]
    public void A_broken_link_is_found() =>
        Assert.Equal(["README.md: nowhere.md"], BrokenLinks("README.md", "[x](nowhere.md) [y](#z) [w](https://example.org)"));

    [Fact]
    public void Every_service_says_what_it_is() =>
        Tree.HasNo(Tree.Files.Where(file => file.StartsWith("services/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file => !Tree.Files.Contains($"{Path.GetDirectoryName(file)!.Replace('\\', '/')}/README.md")));

    [Fact]
    public void Decisions_are_numbered_and_short() =>
        Assert.All(Tree.Files.Where(file => file.StartsWith("docs/decisions/", StringComparison.Ordinal)), file =>
        {
            Assert.Matches(@"/\d{4}-[a-z0-9-]+\.md$", file);
            Assert.True(Tree.Read(file).Split('\n').Length <= 60, file);
            Assert.Contains("**Decision.**", Tree.Read(file), StringComparison.Ordinal);
        });

    static IEnumerable<string> Code() => Tree.Ending(".cs");

    static IEnumerable<string> Product() => Code().Where(file =>
        new[] { "services/", "shared/", "gateway/" }.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)));

    static bool IsTest(string file) => file.StartsWith("tests/", StringComparison.Ordinal)
        && !file.StartsWith("tests/TestKit/", StringComparison.Ordinal) && !file.StartsWith("tests/House.Tests/TidyTests", StringComparison.Ordinal);

    static bool IsText(string file) => Path.GetExtension(file) is
        ".cs" or ".md" or ".json" or ".csv" or ".sql" or ".props" or ".targets" or ".csproj" or ".py" or ".sh" or ".html" or ".css" or ".js" or "";

    static bool AsksTheClock(string code) => DirectClock().IsMatch(code);

    static bool Sleeps(string code) => Sleep().IsMatch(code);

    static bool SwitchedOff(string code) => Skip().IsMatch(code);

    static bool NamesAMachine(string text) => MachinePath().IsMatch(text);

    static IEnumerable<string> BrokenLinks(string file, string text) =>
        Link().Matches(text).Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains(':', StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Tree.Root, Path.GetDirectoryName(file)!, target))).Select(target => $"{file}: {target}");

    [GeneratedRegex(@"DateTime(Offset)?\.(Now|UtcNow|Today)\b")]
    private static partial Regex DirectClock();

    [GeneratedRegex(@"Task\.Delay\(|Thread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\[(Fact|Theory)\([^)]*Skip\s*=")]
    private static partial Regex Skip();

    [GeneratedRegex(@"/home/\w+/|/t[m]p/wt|/wor[k]/(main|shared|\.library)")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"//.*\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}

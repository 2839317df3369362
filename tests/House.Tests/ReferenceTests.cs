using System.Xml.Linq;
using Xunit;

namespace TechMarket.House.Tests;

/// <summary>Which project may know which.</summary>
public sealed class ReferenceTests
{
    /// <summary>What each project, or each project of a folder, may reference at most.</summary>
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["shared/Events"] = [],
        ["shared/ServiceKit"] = ["shared/Events"],
        ["shared/MarketKit"] = ["shared/ServiceKit", "shared/Events"],
        ["shared/Search"] = ["shared/Events"],
        ["services/"] = ["shared/Events", "shared/ServiceKit", "shared/MarketKit", "shared/Search"],
        ["gateway/"] = ["shared/ServiceKit", "shared/Events"],
        ["deploy/Tools"] = [],
        ["deploy/LocalServers"] = [],
        ["deploy/Standalone"] =
        [
            "services/Accounts", "services/Listings", "services/Matching", "services/Auctions", "services/Contracts", "gateway/Gateway",
            "shared/Events", "shared/ServiceKit", "shared/MarketKit", "shared/Search", "deploy/LocalServers", "deploy/Tools",
        ],
    };

    public static TheoryData<string> Projects() => [.. Tree.Ending(".csproj").Where(project => !project.StartsWith("tests/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may(string project) =>
        Tree.HasNo(Forbidden(Folder(project), References(project, Tree.Read(project))));

    [Fact]
    public void A_service_that_knows_another_is_found() =>
        Assert.Equal(["services/Contracts"], Forbidden("services/Auctions", References("services/Auctions/Auctions.csproj", """
            <Project><ItemGroup><ProjectReference Include="../Contracts/Contracts.csproj" /></ItemGroup></Project>
            """)));

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Tree.HasNo(Tree.Ending(".csproj").Where(project => !Tree.Read("TechMarket.sln").Replace('\\', '/').Contains(project, StringComparison.Ordinal)));

    [Fact]
    public void No_project_fixes_a_package_version_of_its_own() =>
        Tree.HasNo(Tree.Ending(".csproj").Where(project => Tree.Read(project).Contains("PackageReference", StringComparison.Ordinal)
            && XDocument.Parse(Tree.Read(project)).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null)));

    static IEnumerable<string> Forbidden(string folder, IEnumerable<string> references)
    {
        var allowed = Allowed.Where(rule => folder == rule.Key || (rule.Key.EndsWith('/') && folder.StartsWith(rule.Key, StringComparison.Ordinal)))
            .Select(rule => rule.Value).FirstOrDefault();
        return allowed is null ? [$"{folder} has no rule"] : references.Where(reference => !allowed.Contains(reference));
    }

    static IEnumerable<string> References(string project, string text) =>
        XDocument.Parse(text).Descendants("ProjectReference").Select(reference =>
            Folder(Path.GetRelativePath(Tree.Root, Path.GetFullPath(Path.Combine(Tree.Root, Folder(project), reference.Attribute("Include")!.Value)))));

    static string Folder(string path) => Path.GetDirectoryName(path)!.Replace('\\', '/');
}

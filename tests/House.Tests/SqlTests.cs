using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace TechMarket.House.Tests;

/// <summary>Every SQL statement of a service names only tables that the service or the kit created.</summary>
public sealed partial class SqlTests
{
    static readonly string[] Services = ["Accounts", "Listings", "Matching", "Auctions", "Contracts"];

    public static TheoryData<string> ServiceNames() => [.. Services];

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void A_service_reads_and_writes_its_own_tables_only(string service)
    {
        var own = Tables([$"services/{service}/Migrations/", "shared/ServiceKit/Migrations/", "shared/MarketKit/Migrations/"]);
        var foreign = Tree.Ending(".cs").Where(file => file.StartsWith($"services/{service}/", StringComparison.Ordinal))
            .SelectMany(file => Statements(Tree.Read(file)).SelectMany(ForeignTables).Select(table => $"{file}: {table}"));
        Tree.HasNo(foreign);

        IEnumerable<string> ForeignTables(string statement) => Named(statement).Where(table => !own.Contains(table));
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void No_statement_takes_every_column(string service) =>
        Tree.HasNo(Tree.Ending(".cs").Where(file => file.StartsWith($"services/{service}/", StringComparison.Ordinal))
            .Where(file => Statements(Tree.Read(file)).Any(statement => EveryColumn().IsMatch(statement))));

    [Fact]
    public void A_table_of_another_service_is_found() =>
        Assert.Equal(["contract", "contracts.deal"], Named(Statements(
            "var sql = \"\"\"\n    select a.id from contract as a join contracts.deal d on d.id = a.id\n    \"\"\";").Single()));

    [Fact]
    public void Migrations_are_numbered_without_gaps()
    {
        foreach (var folder in Tree.Ending(".sql").Where(file => file.Contains("/Migrations/", StringComparison.Ordinal)).GroupBy(Path.GetDirectoryName))
        {
            var numbers = folder.Select(file => int.Parse(Path.GetFileName(file)[..4], CultureInfo.InvariantCulture)).Order();
            Assert.Equal(Enumerable.Range(1, folder.Count()), numbers);
        }
    }

    static HashSet<string> Tables(string[] folders) =>
        [.. Tree.Ending(".sql").Where(file => folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
            .SelectMany(file => CreatedTable().Matches(Tree.Read(file)).Select(match => match.Groups[1].Value))];

    /// <summary>String literals that look like SQL: they begin with one of its words.</summary>
    static IEnumerable<string> Statements(string code) =>
        Literal().Matches(code).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
            .Select(text => LineComment().Replace(text, "")).Where(text => Sql().IsMatch(text));

    static IEnumerable<string> Named(string statement)
    {
        var local = CommonTable().Matches(statement).Select(match => match.Groups[1].Value).ToHashSet();
        return TableName().Matches(statement).Where(match => !InsideCall(statement, match.Index))
            .Select(match => match.Groups[1].Value).Where(name => !local.Contains(name) && !Words.Contains(name)).Distinct();
    }

    /// <summary>«extract(year from x)», «is distinct from y» and the like name no table.</summary>
    static bool InsideCall(string statement, int index) => NotATable().IsMatch(statement[..index]);

    /// <summary>What may follow «from», «join», «into» or «update» without being a table.</summary>
    static readonly HashSet<string> Words = ["select", "lateral", "set", "nothing", "skip", "of", "nowait", "values", "only", "pg_stat_activity"];

    [GeneratedRegex("""create table (?:if not exists )?([a-z_]+)""")]
    private static partial Regex CreatedTable();

    [GeneratedRegex("\"\"\"+(.*?)\"\"\"+|(?<!\")\"((?:[^\"\\\\\\n]|\\\\.)*)\"(?!\")", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex("""--[^\n]*""")]
    private static partial Regex LineComment();

    [GeneratedRegex("""^\s*(select|insert into|update|delete from|with|merge into)\s""")]
    private static partial Regex Sql();

    [GeneratedRegex("""\b(?:from|join|into|update)\s+([a-z_][a-z_.0-9]*)\b(?!\s*\()""")]
    private static partial Regex TableName();

    [GeneratedRegex("""(?:(?:with(?: recursive)?|,)\s+|\(|^\s*)([a-z_]+)\s*(?:\([a-z_, ]*\)\s*)?as\s+(?:not\s+)?(?:materialized\s+)?\(""")]
    private static partial Regex CommonTable();

    [GeneratedRegex("""(?:extract\(\s*\w+\s|distinct\s|trim\([^()]*|substring\([^()]*|overlay\([^()]*|for\s(?:no key\s)?|do\s)$""")]
    private static partial Regex NotATable();

    [GeneratedRegex("""select\s+(?:\w+\.)?\*""")]
    private static partial Regex EveryColumn();
}

using System.Reflection;
using System.Text.Json;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Screening;

/// <summary>Words at which a screener should look twice: those shipped in <c>Data/screening_rules.json</c>, and those that bureaus and operators
/// added or ended. An entry of theirs under the id of a shipped one replaces it.</summary>
public sealed class ScreeningRules(Database database)
{
    static readonly IReadOnlyList<ScreeningRule> Shipped = Read();

    /// <summary>The rules in force on a day.</summary>
    public async Task<IReadOnlyList<ScreeningRule>> InForceAsync(DateOnly on, CancellationToken ct)
    {
        var rows = await database.QueryAsync<Row>("select id, words, note, source, valid_from, valid_to from screening_rule", null, ct);
        var entered = rows.Select(row => new ScreeningRule(row.Id, row.Words, row.Note, row.Source, row.ValidFrom, row.ValidTo)).ToList();
        var replaced = entered.Select(rule => rule.Id).ToHashSet();
        return [.. Shipped.Where(rule => !replaced.Contains(rule.Id)).Concat(entered).Where(rule => rule.ValidFrom <= on && !(rule.ValidTo < on))];
    }

    /// <summary>What a screener should look at in a record.</summary>
    public async Task<IReadOnlyList<ScreeningWarning>> WarningsAsync(AchievementContent content, DateOnly on, CancellationToken ct)
    {
        var text = string.Join('\n', new[] { content.Title, content.Summary, content.Description }.Concat(content.Keywords));
        var warnings = Hits(await InForceAsync(on, ct), text);
        if (content.Declaration is { CommercialSecrets.Count: > 0 } declaration)
            warnings.Add(new ScreeningWarning("commercial_secret", "declared", string.Join('、', declaration.CommercialSecrets)));
        return warnings;
    }

    /// <summary>The rules whose words a text holds.</summary>
    public static List<ScreeningWarning> Hits(IEnumerable<ScreeningRule> rules, string text) =>
    [
        .. from rule in rules
           let words = rule.Words.Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList()
           where words.Count > 0
           select new ScreeningWarning("words", rule.Id, $"{rule.Note}：{string.Join('、', words)}"),
    ];

    sealed class Row
    {
        public string Id { get; init; } = "";

        public string[] Words { get; init; } = [];

        public string Note { get; init; } = "";

        public string Source { get; init; } = "";

        public DateOnly ValidFrom { get; init; }

        public DateOnly? ValidTo { get; init; }
    }

    static List<ScreeningRule> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("TechMarket.Listings.Data.screening_rules.json")!;
        return JsonSerializer.Deserialize<List<ScreeningRule>>(stream, JsonSerializerOptions.Web)!;
    }
}

/// <summary>A rule of screening.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Words">Any of them is a hit.</param>
/// <param name="Note">What it may mean.</param>
/// <param name="Source">Where the rule comes from.</param>
/// <param name="ValidFrom">The first day.</param>
/// <param name="ValidTo">The last day; null while it holds.</param>
public sealed record ScreeningRule(string Id, string[] Words, string Note, string Source, DateOnly ValidFrom, DateOnly? ValidTo);

using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Screening;

/// <summary>Finds published records whose text is much like a new one's. A warning, never a refusal: the signed decision overrules it.</summary>
public sealed class Likeness(IAchievementIndex index)
{
    const int Candidates = 10;
    const int TermsMax = 24;
    const double AlikeFrom = 0.6;

    /// <summary>The warnings for a draft.</summary>
    internal async Task<IReadOnlyList<ScreeningWarning>> FindAsync(Guid id, Database database, CancellationToken ct)
    {
        var achievement = await database.SingleOrDefaultAsync<Achievement>($"select {Achievement.Columns} from achievement where id = @id", new { id }, ct);
        if (achievement is not { Status: "draft" }) return [];
        var content = achievement.Content;
        var found = await index.SearchAsync(
            new SearchQuery($"{content.Title} {content.Summary}", SearchFilter.None, Candidates, MaxTerms: TermsMax), ct);
        return
        [
            .. found.Hits.Where(hit => hit.Achievement.AchievementId != id)
                .Select(hit => (hit.Achievement, Share: Of($"{content.Title}{content.Summary}", $"{hit.Achievement.Title}{hit.Achievement.Summary}")))
                .Where(one => one.Share >= AlikeFrom)
                .OrderByDescending(one => one.Share)
                .Select(one => new ScreeningWarning("likeness", one.Achievement.AchievementId.ToString(), $"{one.Achievement.Title} ({one.Share:P0})")),
        ];
    }

    /// <summary>The share of pairs of neighbouring characters that two texts have in common: 0 for nothing, 1 for the same text.</summary>
    public static double Of(string one, string other)
    {
        var (a, b) = (Pairs(one), Pairs(other));
        if (a.Count == 0 || b.Count == 0) return 0;
        var common = a.Count(b.Contains);
        return (double)common / (a.Count + b.Count - common);
    }

    static HashSet<(char, char)> Pairs(string text)
    {
        var letters = text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).ToArray();
        return [.. letters.Zip(letters.Skip(1))];
    }
}

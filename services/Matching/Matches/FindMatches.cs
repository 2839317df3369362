using TechMarket.Events;
using TechMarket.Matching.Needs;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Matches;

/// <summary>Achievements that may meet a need, ranked, with the reasons: candidates from the index by the need's most telling terms, then
/// scored by all that both sides state (R3.1; a need without a measurable target is answered like any other).</summary>
public static class FindMatches
{
    const int Candidates = 200;
    const int TermsMax = 64;
    const int PhrasesMax = 5;
    const int Digits = 4;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/needs/{id:guid}/matches", HandleAsync).ForSignedIn().Produces<MatchesAnswer>().ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Achievements that may meet a need, ranked and explained");

    static async Task<IResult> HandleAsync(
        Guid id, int? limit, Database database, IAchievementIndex index, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        var shape = new Shape();
        var count = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        if (await Need.FindAsync(database, id, ct) is not { } need) return Answer.NotFound;

        var text = TextOf(need);
        var found = await index.SearchAsync(new SearchQuery(text, SearchFilter.None, Candidates, MaxTerms: TermsMax), ct);
        var weights = MatchWeights.Shipped;
        var now = clock.GetUtcNow();
        var best = found.Hits.Count > 0 ? found.Hits[0].Score : 1;
        // Nobody needs to be told of what is his own.
        var ranked = found.Hits.Where(hit => hit.Achievement.OrganisationId != need.OrganisationId)
            .Select(hit => new Ranked(hit.Achievement, MatchRules.Factors(need, hit.Achievement, hit.Score / best, weights, now)))
            .OrderByDescending(match => MatchRules.Score(match.Factors, weights)).ThenBy(match => match.Achievement.AchievementId)
            .Take(count);
        var language = Language.Of(context);
        return Answer.Ok(new MatchesAnswer(
            need.Id, weights.Version, NeedRules.IsMeasurable(need.Indicators()), [.. ranked.Select(match => Explain(match, text, weights, language))]));
    }

    static string TextOf(Need need)
    {
        var indicators = need.Indicators().Select(indicator => $"{indicator.Name} {indicator.Target} {indicator.Unit}");
        // Twice the title: what somebody puts in one line is what matters to him.
        return string.Join('\n', [need.Title, need.Title, need.Problem, .. indicators]);
    }

    static MatchAnswer Explain(Ranked match, string needText, MatchWeights weights, string language)
    {
        var reasons = match.Factors.Where(factor => factor.Value > 0)
            .OrderByDescending(factor => MatchRules.Contribution(factor, match.Factors, weights))
            .Select(factor => new MatchReason(
                factor.Factor, Math.Round(MatchRules.Contribution(factor, match.Factors, weights), Digits), Math.Round(factor.Value!.Value, Digits),
                factor.Factor == "text" ? TextDetail(needText, match.Achievement).In(language) : factor.Detail.In(language)));
        var achievement = match.Achievement;
        return new MatchAnswer(
            achievement.AchievementId, achievement.Title, achievement.Summary, achievement.Origin?.HolderName ?? achievement.OrganisationName,
            Math.Round(MatchRules.Score(match.Factors, weights), Digits), [.. reasons]);
    }

    static Words TextDetail(string needText, AchievementPublished achievement)
    {
        var phrases = SharedPhrases.Of(needText, $"{achievement.Title}\n{achievement.Summary}\n{achievement.Description}", PhrasesMax);
        return phrases.Count == 0
            ? new Words("文本相近", "Similar text")
            : new Words($"共同提及：{string.Join('、', phrases)}", $"Both mention: {string.Join(", ", phrases)}");
    }

    sealed record Ranked(AchievementPublished Achievement, IReadOnlyList<MatchFactor> Factors);
}

/// <summary>The achievements that may meet a need, the best first.</summary>
/// <param name="NeedId">The need.</param>
/// <param name="WeightsVersion">The version of the weights they were ranked by.</param>
/// <param name="Measurable">The need states a target with a number; without one, nobody can tell whether it is met.</param>
/// <param name="Items">The matches.</param>
public sealed record MatchesAnswer(Guid NeedId, string WeightsVersion, bool Measurable, IReadOnlyList<MatchAnswer> Items);

/// <summary>An achievement that may meet the need.</summary>
/// <param name="AchievementId">The achievement.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">Its public summary.</param>
/// <param name="HolderName">Who holds it.</param>
/// <param name="Score">0–1; comparable within one answer.</param>
/// <param name="Reasons">What speaks for it, the weightiest first.</param>
public sealed record MatchAnswer(
    Guid AchievementId, string Title, string Summary, string HolderName, double Score, IReadOnlyList<MatchReason> Reasons);

/// <summary>What speaks for a match.</summary>
/// <param name="Factor">text, keywords, techField, industry, trl, cooperationMode, price, region or freshness.</param>
/// <param name="Weight">What it adds to the score.</param>
/// <param name="Value">How far both sides agree in it, 0–1.</param>
/// <param name="Detail">In the caller's language.</param>
public sealed record MatchReason(string Factor, double Weight, double Value, string Detail);

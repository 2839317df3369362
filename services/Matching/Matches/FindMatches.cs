using TechMarket.Events;
using TechMarket.Matching.Needs;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Matches;

/// <summary>Achievements that may meet a need, ranked, with the reasons: candidates from the index by the need's most telling terms, then
/// scored by all that both sides state (R3.1; a need without a measurable target is answered like any other).</summary>
public static class FindMatches
{
    const int Candidates = 120;
    const int TermsMax = 64;
    const int PhrasesMax = 5;
    const int Digits = 4;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/needs/{id:guid}/matches", HandleAsync).ForSignedIn()
            .Produces<MatchesAnswer>().ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Achievements that may meet a need, ranked and explained");

    static async Task<IResult> HandleAsync(
        Guid id, int? limit, Database database, IAchievementIndex index, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        var shape = new Shape();
        var count = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        if (await Need.FindAsync(database, id, ct) is not { } need) return Answer.NotFound;

        var weights = MatchWeights.Shipped;
        var text = TextOf(need);
        var now = clock.GetUtcNow();
        // Nobody needs to be told of what is his own.
        var ranked = (await CandidatesAsync(index, need.Title, text, weights, ct))
            .Where(candidate => candidate.Achievement.OrganisationId != need.OrganisationId)
            .Select(candidate => new Ranked(
                candidate.Achievement, MatchRules.Factors(need, candidate.Achievement, candidate.TextValue, weights, now)))
            .OrderByDescending(match => MatchRules.Score(match.Factors, weights)).ThenBy(match => match.Achievement.AchievementId)
            .Take(count);
        var language = Language.Of(context);
        return Answer.Ok(new MatchesAnswer(
            need.Id, weights.Version, NeedRules.IsMeasurable(need.Indicators()),
            [.. ranked.Select(match => Explain(match, text, weights, language))]));
    }

    /// <summary>What the index finds for the title and for the whole text, with the sum of both scores as a share of the best.</summary>
    static async Task<IReadOnlyList<Candidate>> CandidatesAsync(
        IAchievementIndex index, string title, string text, MatchWeights weights, CancellationToken ct)
    {
        var candidates = new Dictionary<Guid, Candidate>();
        foreach (var (sought, share) in new[] { (title, weights.TitleShare), (text, 1 - weights.TitleShare) })
        {
            var found = await index.SearchAsync(new SearchQuery(sought, SearchFilter.None, Candidates, MaxTerms: TermsMax), ct);
            foreach (var hit in found.Hits)
            {
                var id = hit.Achievement.AchievementId;
                var before = candidates.TryGetValue(id, out var candidate) ? candidate.TextValue : 0;
                candidates[id] = new Candidate(hit.Achievement, before + (share * hit.Score / found.Hits[0].Score));
            }
        }

        var best = candidates.Values.Select(candidate => candidate.TextValue).DefaultIfEmpty(1).Max();
        return [.. candidates.Values.Select(candidate => candidate with { TextValue = candidate.TextValue / best })];
    }

    static string TextOf(Need need)
    {
        var indicators = need.Indicators().Select(indicator => $"{indicator.Name} {indicator.Target} {indicator.Unit}");
        return string.Join('\n', [need.Title, need.Problem, .. indicators]);
    }

    static MatchAnswer Explain(Ranked match, string needText, MatchWeights weights, string language)
    {
        var reasons = match.Factors.Where(factor => factor.Value > 0)
            .OrderByDescending(factor => MatchRules.Contribution(factor, match.Factors, weights))
            .Select(factor => new MatchReason(
                factor.Factor,
                Math.Round(MatchRules.Contribution(factor, match.Factors, weights), Digits),
                Math.Round(factor.Value!.Value, Digits),
                factor.Factor == "text" ? TextDetail(needText, match.Achievement).In(language) : factor.Detail.In(language)));
        var achievement = match.Achievement;
        return new MatchAnswer(
            achievement.AchievementId, achievement.Title, achievement.Summary,
            achievement.Origin?.HolderName ?? achievement.OrganisationName,
            Math.Round(MatchRules.Score(match.Factors, weights), Digits), [.. reasons]);
    }

    static Words TextDetail(string needText, AchievementPublished achievement)
    {
        var phrases = SharedPhrases.Of(needText, $"{achievement.Title}\n{achievement.Summary}\n{achievement.Description}", PhrasesMax);
        return phrases.Count == 0
            ? new Words("文本相近", "Similar text")
            : new Words($"共同提及：{string.Join('、', phrases)}", $"Both mention: {string.Join(", ", phrases)}");
    }

    sealed record Candidate(AchievementPublished Achievement, double TextValue);

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

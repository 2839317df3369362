using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.Matching.Needs;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Matches;

/// <summary>What speaks for an achievement that may meet a need.</summary>
/// <param name="Factor">text, keywords, techField, industry, trl, cooperationMode, price, region or freshness.</param>
/// <param name="Value">How far it agrees, 0–1; null where one of the two sides does not state it.</param>
/// <param name="Detail">In words.</param>
public sealed record MatchFactor(string Factor, double? Value, Words Detail);

/// <summary>The second stage of matching: scores a candidate of the index by everything that need and achievement state,
/// and can say why.</summary>
public static class MatchRules
{
    const int MatureLevel = 9;
    const int DevelopmentLevel = 6;
    const double TooMatureValue = 0.6;

    static readonly HashSet<string> DevelopmentModes = ["joint_development", "commissioned_development", "technical_consulting", "talent"];

    /// <summary>All factors of a pair; the first is the text.</summary>
    /// <param name="need">The need.</param>
    /// <param name="achievement">The candidate.</param>
    /// <param name="textValue">Its score in the index as a share of the best candidate's, 0–1.</param>
    /// <param name="weights">For the half-life of freshness.</param>
    /// <param name="now">The time that freshness is reckoned from.</param>
    public static IReadOnlyList<MatchFactor> Factors(
        Need need, AchievementPublished achievement, double textValue, MatchWeights weights, DateTimeOffset now) =>
    [
        new("text", textValue, new Words("文本相近", "Similar text")),
        Keywords(need, achievement),
        TechField(need, achievement),
        Industry(need, achievement),
        Trl(need, achievement),
        CooperationMode(need, achievement),
        Price(need, achievement),
        Region(need, achievement),
        Freshness(achievement, weights, now),
    ];

    /// <summary>The score of a pair, 0–1: the weighted mean of its factors, as far as the texts agree. Facts order what is alike in text; they
    /// do not make a match of what speaks of something else.</summary>
    public static double Score(IReadOnlyList<MatchFactor> factors, MatchWeights weights) =>
        factors.Sum(factor => Contribution(factor, factors, weights));

    /// <summary>What a factor adds to the score of its pair.</summary>
    public static double Contribution(MatchFactor factor, IReadOnlyList<MatchFactor> factors, MatchWeights weights) =>
        factors[0].Value!.Value * weights.Weights.GetValueOrDefault(factor.Factor)
        * (factor == factors[0] ? 1 : factor.Value ?? weights.UnknownValue) / weights.Weights.Values.Sum();

    static MatchFactor Keywords(Need need, AchievementPublished achievement)
    {
        if (achievement.Keywords.Count == 0) return Unknown("keywords", "成果未列关键词", "The achievement names no keywords");
        var named = achievement.Keywords.Where(keyword =>
            need.Title.Contains(keyword, StringComparison.OrdinalIgnoreCase)
            || need.Problem.Contains(keyword, StringComparison.OrdinalIgnoreCase)).ToList();
        var list = string.Join('、', named);
        return new MatchFactor("keywords", (double)named.Count / achievement.Keywords.Count, named.Count == 0
            ? new Words("需求未提到成果的关键词", "The need mentions none of its keywords")
            : new Words($"需求提到关键词：{list}", $"The need mentions its keywords: {list}"));
    }

    static MatchFactor TechField(Need need, AchievementPublished achievement)
    {
        if (need.TechField is null || achievement.TechField is null)
            return Unknown("techField", "技术领域未注明", "A technology field is not stated");
        return need.TechField == achievement.TechField
            ? new MatchFactor("techField", 1, new Words("技术领域相同", "Same technology field"))
            : new MatchFactor("techField", 0, new Words("技术领域不同", "Another technology field"));
    }

    static MatchFactor Industry(Need need, AchievementPublished achievement)
    {
        if (need.IndustryCode is not { } wanted || achievement.IndustryCode is not { } offered)
            return Unknown("industry", "行业未注明", "An industry is not stated");
        var shared = wanted.Zip(offered).TakeWhile(pair => pair.First == pair.Second).Count();
        if (wanted == offered) shared = 5;
        if (shared == 0) return new MatchFactor("industry", 0, new Words("行业不同", "Another industry"));
        // The section letter, then two to four digits: division, group, class.
        var value = shared switch { >= 5 => 1, 4 => 0.85, 3 => 0.65, _ => 0.25 };
        var code = wanted[..Math.Min(wanted.Length, shared == 2 ? 1 : shared)];
        var name = Codes.Industries.GetValueOrDefault(code) ?? code;
        return new MatchFactor("industry", value, new Words($"同属行业：{name}（{code}）", $"Both in industry {code}"));
    }

    static MatchFactor Trl(Need need, AchievementPublished achievement)
    {
        if (achievement.Trl is not { } level) return Unknown("trl", "成熟度未注明", "No readiness level stated");
        var develops = need.CooperationModes.Length > 0 && need.CooperationModes.All(DevelopmentModes.Contains);
        if (!develops)
        {
            return new MatchFactor("trl", Math.Min(level, MatureLevel) / (double)MatureLevel,
                new Words($"技术成熟度 {level} 级", $"Readiness level {level}"));
        }

        return level <= DevelopmentLevel
            ? new MatchFactor("trl", 1,
                new Words($"技术成熟度 {level} 级，适合合作或委托开发", $"Readiness level {level} suits joint or commissioned development"))
            : new MatchFactor("trl", TooMatureValue,
                new Words($"技术成熟度 {level} 级，已超出开发阶段", $"Readiness level {level} is beyond development"));
    }

    static MatchFactor CooperationMode(Need need, AchievementPublished achievement)
    {
        if (need.CooperationModes.Length == 0 || achievement.TransferModes.Count == 0)
            return Unknown("cooperationMode", "合作方式未注明", "A mode of cooperation is not stated");
        var common = need.CooperationModes.Intersect(achievement.TransferModes).ToList();
        return common.Count > 0
            ? new MatchFactor("cooperationMode", 1,
                new Words($"合作方式一致：{string.Join('、', common)}", $"Both accept: {string.Join(", ", common)}"))
            : new MatchFactor("cooperationMode", 0, new Words("合作方式不一致", "No mode of cooperation in common"));
    }

    static MatchFactor Price(Need need, AchievementPublished achievement)
    {
        if (achievement.AskingPriceCny is not { } price || need.BudgetMax is not { } budget)
            return Unknown("price", "价格面议", "The price is negotiable");
        return price <= budget
            ? new MatchFactor("price", 1, new Words("要价在预算之内", "The asking price is within the budget"))
            : new MatchFactor("price", (double)(budget / price), new Words("要价高于预算", "The asking price is above the budget"));
    }

    static MatchFactor Region(Need need, AchievementPublished achievement)
    {
        if (need.RegionCode is not { Length: 6 } wanted || achievement.RegionCode is not { Length: 6 } offered)
            return Unknown("region", "地区未注明", "A region is not stated");
        if (wanted == offered) return new MatchFactor("region", 1, Named("同一县区", "Same county", wanted));
        if (wanted[..4] == offered[..4]) return new MatchFactor("region", 0.8, Named("同一地市", "Same prefecture", $"{wanted[..4]}00"));
        return wanted[..2] == offered[..2]
            ? new MatchFactor("region", 0.5, Named("同一省份", "Same province", $"{wanted[..2]}0000"))
            : new MatchFactor("region", 0, new Words("地区不同", "Another region"));

        static Words Named(string chinese, string english, string code) =>
            new($"{chinese}：{Codes.Regions.GetValueOrDefault(code) ?? code}", $"{english} ({code})");
    }

    static MatchFactor Freshness(AchievementPublished achievement, MatchWeights weights, DateTimeOffset now)
    {
        var days = Math.Max(0, (now - achievement.PublishedAt).TotalDays);
        var date = ShanghaiTime.DateOf(achievement.PublishedAt);
        return new MatchFactor("freshness", Math.Pow(0.5, days / weights.FreshnessHalfLifeDays),
            new Words($"发布于 {date:yyyy-MM-dd}", $"Published on {date:yyyy-MM-dd}"));
    }

    static MatchFactor Unknown(string factor, string chinese, string english) => new(factor, null, new Words(chinese, english));
}

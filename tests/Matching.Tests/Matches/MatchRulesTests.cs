using TechMarket.Events;
using TechMarket.Matching.Matches;
using TechMarket.Matching.Needs;
using Xunit;

namespace TechMarket.Matching.Tests.Matches;

public sealed class MatchRulesTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    static readonly Need Need = new()
    {
        Title = "锂离子电池热失控防护",
        Problem = "需要固态电解质",
        TechField = "new_energy_saving",
        IndustryCode = "C3841",
        RegionCode = "341623",
        CooperationModes = ["assignment", "licence_exclusive"],
        BudgetMin = 500_000m,
        BudgetMax = 2_000_000m,
    };

    public static TheoryData<string, AchievementPublished, double?> Pairs() => new()
    {
        { "keywords", Offer(keywords: ["热失控", "固态电解质"]), 1 },
        { "keywords", Offer(keywords: ["热失控", "葡萄"]), 0.5 },
        { "keywords", Offer(keywords: ["葡萄"]), 0 },
        { "keywords", Offer(), null },
        { "techField", Offer(techField: "new_energy_saving"), 1 },
        { "techField", Offer(techField: "aerospace"), 0 },
        { "techField", Offer(), null },
        { "industry", Offer(industryCode: "C3841"), 1 },
        { "industry", Offer(industryCode: "C3849"), 0.85 },
        { "industry", Offer(industryCode: "C3812"), 0.65 },
        { "industry", Offer(industryCode: "C38"), 0.65 },
        { "industry", Offer(industryCode: "C3999"), 0.25 },
        { "industry", Offer(industryCode: "A0111"), 0 },
        { "industry", Offer(), null },
        { "trl", Offer(trl: 9), 1 },
        { "trl", Offer(trl: 13), 1 },
        { "trl", Offer(trl: 3), 1 / 3d },
        { "trl", Offer(), null },
        { "cooperationMode", Offer(modes: ["technical_service", "assignment"]), 1 },
        { "cooperationMode", Offer(modes: ["technical_service"]), 0 },
        { "cooperationMode", Offer(), null },
        { "price", Offer(price: 2_000_000m), 1 },
        { "price", Offer(price: 4_000_000m), 0.5 },
        { "price", Offer(), null },
        { "region", Offer(regionCode: "341623"), 1 },
        { "region", Offer(regionCode: "341602"), 0.8 },
        { "region", Offer(regionCode: "340100"), 0.5 },
        { "region", Offer(regionCode: "510100"), 0 },
        { "region", Offer(), null },
        { "freshness", Offer(), 1 },
        { "freshness", Offer() with { PublishedAt = Now.AddDays(-1095) }, 0.5 },
        { "freshness", Offer() with { PublishedAt = Now.AddDays(1) }, 1 },
        { "text", Offer(), 0.7 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_factor_is_what_both_sides_state(string factor, AchievementPublished achievement, double? value)
    {
        var found = MatchRules.Factors(Need, achievement, 0.7, MatchWeights.Shipped, Now).Single(one => one.Factor == factor);
        if (value is { } expected) Assert.Equal(expected, found.Value!.Value, 6);
        else Assert.Null(found.Value);
        Assert.NotEmpty(found.Detail.Chinese);
        Assert.NotEmpty(found.Detail.English);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(6, 1)]
    [InlineData(8, 0.6)]
    public void Who_wants_to_develop_is_served_by_what_is_not_finished(int trl, double value)
    {
        var need = Need with { CooperationModes = ["joint_development", "talent"] };
        Assert.Equal(value, MatchRules.Factors(need, Offer(trl: trl), 1, MatchWeights.Shipped, Now).Single(one => one.Factor == "trl").Value);
    }

    [Fact]
    public void The_weights_name_every_factor_and_add_up_to_one()
    {
        var factors = MatchRules.Factors(Need, Offer(), 1, MatchWeights.Shipped, Now);
        Assert.Equal(factors.Select(factor => factor.Factor).Order(), MatchWeights.Shipped.Weights.Keys.Order());
        Assert.Equal(1, MatchWeights.Shipped.Weights.Values.Sum(), 9);
    }

    [Fact]
    public void A_score_lies_between_nothing_and_one_and_agreement_beats_silence_and_silence_contradiction()
    {
        double Score(AchievementPublished achievement, double text) =>
            MatchRules.Score(MatchRules.Factors(Need, achievement, text, MatchWeights.Shipped, Now), MatchWeights.Shipped);

        var perfect = Score(Offer("new_energy_saving", "C3841", "341623", 9, ["assignment"], 1m, ["热失控"]), 1);
        var contrary = Score(Offer("aerospace", "A0111", "510100", 0, ["other"], 1e12m, ["葡萄"]) with { PublishedAt = DateTimeOffset.MinValue }, 0);
        Assert.Equal(1, perfect, 9);
        Assert.InRange(contrary, 0, 0.001);
        Assert.InRange(Score(Offer(), 0.5), contrary, perfect);
        Assert.True(Score(Offer(techField: "new_energy_saving"), 0.5) > Score(Offer(), 0.5));
        Assert.True(Score(Offer(), 0.5) > Score(Offer(techField: "aerospace"), 0.5));
    }

    static AchievementPublished Offer(
        string? techField = null, string? industryCode = null, string? regionCode = null, int? trl = null, string[]? modes = null,
        decimal? price = null, string[]? keywords = null) =>
        NeedBodies.Achievement("电池", "", techField, industryCode, regionCode, trl, modes, price, keywords) with { PublishedAt = Now };
}

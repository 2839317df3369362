using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>A quantified target of a need (R3.1).</summary>
/// <param name="Name">What is measured: cycle life.</param>
/// <param name="Target">The value to reach, with its comparison: ≥8000.</param>
/// <param name="Unit">Its unit; empty for a target without one.</param>
public sealed record NeedIndicator(string? Name, string? Target, string? Unit);

/// <summary>What a need may cost.</summary>
/// <param name="Min">At least; null where not named.</param>
/// <param name="Max">At most; null where not named.</param>
public sealed record NeedBudget(Money? Min, Money? Max);

/// <summary>What a need says, checked and clean.</summary>
/// <param name="Title">In a line.</param>
/// <param name="Problem">The technical problem; empty only in an imported need.</param>
/// <param name="Indicators">The targets.</param>
/// <param name="TechField">One of the eight.</param>
/// <param name="IndustryCode">GB/T 4754.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="CooperationModes">The ways of working together that are welcome.</param>
/// <param name="BudgetMin">Yuan.</param>
/// <param name="BudgetMax">Yuan.</param>
/// <param name="Deadline">The day by which it must be solved.</param>
public sealed record NeedContent(
    string Title, string Problem, IReadOnlyList<NeedIndicator> Indicators, string? TechField, string? IndustryCode, string? RegionCode,
    string[] CooperationModes, decimal? BudgetMin, decimal? BudgetMax, DateOnly? Deadline);

/// <summary>The rules of a need (R3.1).</summary>
public static class NeedRules
{
    /// <summary>Most characters of a title.</summary>
    public const int TitleMax = 200;

    /// <summary>Most characters of a problem statement.</summary>
    public const int ProblemMax = 20_000;

    const int IndicatorsMax = 50;
    const int IndicatorTextMax = 200;

    /// <summary>Why a need may be closed by its owner.</summary>
    public static readonly IReadOnlySet<string> CloseReasons = new HashSet<string> { "met", "withdrawn" };

    /// <summary>The states of a need.</summary>
    public static readonly IReadOnlySet<string> Statuses = new HashSet<string> { "open", "closed" };

    /// <summary>403: only who posted a need may close it.</summary>
    public static readonly Refusal NotYourNeed = new("not-your-need", "该需求由其他单位发布。", "This need was posted by another organisation.");

    /// <summary>409: it is closed already.</summary>
    public static readonly Refusal AlreadyClosed = new("need-closed", "该需求已关闭。", "This need is closed already.");

    /// <summary>A list of targets.</summary>
    public static IReadOnlyList<NeedIndicator> Indicators(Shape shape, IReadOnlyList<NeedIndicator?>? indicators)
    {
        var list = shape.List("indicators", indicators, IndicatorsMax);
        return [.. list.Select((indicator, i) => new NeedIndicator(
            shape.Text($"indicators[{i}].name", indicator.Name, IndicatorTextMax),
            shape.Text($"indicators[{i}].target", indicator.Target, IndicatorTextMax),
            shape.OptionalText($"indicators[{i}].unit", indicator.Unit, IndicatorTextMax) ?? ""))];
    }

    /// <summary>A budget from – to; either end may be open, and a need without a budget is negotiable.</summary>
    public static (decimal? Min, decimal? Max) Budget(Shape shape, NeedBudget? budget)
    {
        var min = shape.OptionalCny("budget.min", budget?.Min, 0);
        var max = shape.OptionalCny("budget.max", budget?.Max, 0);
        shape.Require(!(min > max), "budget.max", "不得低于 budget.min。", "Must not be below budget.min.");
        return (min, max);
    }

    /// <summary>True when a need states a target with a number in it, without which nobody can tell whether it is met.</summary>
    public static bool IsMeasurable(IReadOnlyList<NeedIndicator> indicators) =>
        indicators.Any(indicator => indicator.Target?.Any(char.IsDigit) == true);
}

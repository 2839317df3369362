using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>The rules of recognition and registration that need no table.</summary>
public static class ContractRules
{
    /// <summary>409: whoever accepted or examined a contract does not approve it (R5.9).</summary>
    public static readonly Refusal FourEyes =
        new("four-eyes", "受理或审查该合同的登记员不得批准，须由另一名登记员批准。", "Whoever accepted or examined a contract may not approve it; another registrar must.");

    /// <summary>409: the seller signs first.</summary>
    public static readonly Refusal SellerSignsFirst = new("seller-signs-first", "须由卖方先签署。", "The seller signs first.");

    /// <summary>409: all numbers of the year are given out.</summary>
    public static readonly Refusal NumbersExhausted = new("registration-numbers-exhausted", "本年度登记编号已用完。",
        "All registration numbers of this year are used up.");

    /// <summary>The kind of contract that a transfer mode leads to (domain brief §5.1; equity by technology counts as assignment, R5.3).</summary>
    public static string KindOf(string transferMode) => transferMode switch
    {
        "assignment" or "equity_contribution" => "assignment",
        "joint_development" or "commissioned_development" => "development",
        "technical_consulting" => "consulting",
        _ when transferMode.StartsWith("licence_", StringComparison.Ordinal) => "licence",
        _ => "service",
    };

    /// <summary>The steps of a contract (domain brief §5.5): what may follow what.</summary>
    public static bool MayGo(string from, string to) => (from, to) switch
    {
        ("draft", "signed_by_seller") or ("signed_by_seller", "signed") => true,
        ("signed" or "correction_requested", "submitted") => true,
        ("submitted", "accepted") or ("accepted", "examined") or ("examined", "registered") => true,
        ("submitted" or "accepted" or "examined", "correction_requested" or "refused") => true,
        ("draft" or "signed_by_seller" or "signed" or "submitted" or "correction_requested" or "accepted" or "examined", "withdrawn") => true,
        _ => false,
    };

    /// <summary>The day by which the registry must have decided, counted from acceptance (R5.7).</summary>
    /// <param name="acceptedOn">The day of acceptance.</param>
    /// <param name="days">Calendar days of the old rule; 0 when it does not hold.</param>
    /// <param name="workingDays">Working days of the rule in force; 0 when there is none.</param>
    public static Deadline? DueOn(DateOnly acceptedOn, int days, int workingDays) =>
        workingDays > 0 ? WorkingDays.AfterWorkingDays(acceptedOn, workingDays) : days > 0 ? WorkingDays.AfterDays(acceptedOn, days) : null;

    /// <summary>Growth against the same period a year before; nothing to compare with gives none (R5.19).</summary>
    public static decimal? Growth(decimal now, decimal before) => before == 0 ? null : Math.Round((now - before) / before, 4);
}

using TechMarket.Contracts.Registration;
using Xunit;

namespace TechMarket.Contracts.Tests;

public sealed class ContractRulesTests
{
    [Theory]
    [InlineData("2026-02-10", 0, 15, "2026-03-09")]
    [InlineData("2026-02-10", 0, 30, "2026-03-30")]
    [InlineData("2025-01-10", 30, 0, "2025-02-10")]
    [InlineData("2026-02-10", 30, 15, "2026-03-09")]
    public void The_registry_decides_in_time(string acceptedOn, int days, int workingDays, string lastDay) =>
        Assert.Equal(Date(lastDay), ContractRules.DueOn(Date(acceptedOn), days, workingDays)!.LastDay);

    [Fact]
    public void Without_a_period_there_is_no_deadline() => Assert.Null(ContractRules.DueOn(Date("2026-02-10"), 0, 0));

    [Theory]
    [InlineData("assignment", "assignment")]
    [InlineData("equity_contribution", "assignment")]
    [InlineData("licence_exclusive", "licence")]
    [InlineData("licence_ordinary", "licence")]
    [InlineData("joint_development", "development")]
    [InlineData("commissioned_development", "development")]
    [InlineData("technical_consulting", "consulting")]
    [InlineData("technical_service", "service")]
    public void A_mode_of_transfer_leads_to_a_kind_of_contract(string mode, string kind) => Assert.Equal(kind, ContractRules.KindOf(mode));

    [Theory]
    [InlineData(125, 100, 0.25)]
    [InlineData(50, 100, -0.5)]
    [InlineData(0, 100, -1)]
    [InlineData(100, 300, -0.6667)]
    public void Growth_compares_with_the_year_before(int now, int before, double growth) =>
        Assert.Equal((decimal)growth, ContractRules.Growth(now, before));

    [Fact]
    public void Nothing_to_compare_with_gives_no_growth() => Assert.Null(ContractRules.Growth(5, 0));

    [Fact]
    public void What_is_registered_refused_or_withdrawn_goes_nowhere()
    {
        string[] states =
            ["draft", "signed_by_seller", "signed", "submitted", "correction_requested", "accepted", "examined", "registered", "refused", "withdrawn"];
        Assert.All(new[] { "registered", "refused", "withdrawn" }, from => Assert.DoesNotContain(states, to => ContractRules.MayGo(from, to)));
        // Every other state can go on and can be left.
        Assert.All(states.Except(["registered", "refused", "withdrawn"]), from =>
        {
            Assert.True(ContractRules.MayGo(from, "withdrawn"));
            Assert.Contains(states.Except(["withdrawn"]), to => ContractRules.MayGo(from, to));
        });
    }

    static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}

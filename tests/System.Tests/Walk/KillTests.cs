using TechMarket.Tools;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>The whole standalone process is killed at random moments while deals are made on it, and started again on the same data.
/// What was answered is there; nothing is there twice.</summary>
public sealed class KillTests
{
    const int Seed = 20261124;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_answered_is_lost_and_nothing_is_doubled_over_kills_at_random_moments()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("TECHMARKET_PROOF_KILLS"), out var wanted) ? wanted : 20;
        var ct = TestContext.Current.CancellationToken;
        await using var platform = await Platform.StartStandaloneAsync();
        using var operators = await platform.SignInOperatorAsync(Patience);
        List<DemoDeal.Outcome> outcomes = [];
        var killing = KillAsync(platform, kills, ct);
        while (!killing.IsCompleted) outcomes.Add(await DealAsync(operators, ct));
        await killing;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {outcomes.Count} deals, seed {Seed}");

        using var after = await platform.SignInOperatorAsync(Patience);
        foreach (var outcome in outcomes) await DealRecord.CheckAsync(outcome, after, ct);
        Assert.Equal(outcomes.Count, outcomes.Select(outcome => outcome.RegistrationNumber).Distinct().Count());
        var now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        var figures = await after.GetAsync($"/api/statistics/contracts?period={now.Year}&regionCode=510100", ct);
        Assert.Equal(outcomes.Count, (int)figures["count"]!);
    }

    /// <summary>The free period is long enough for every bid to find the market up between two kills.</summary>
    static Task<DemoDeal.Outcome> DealAsync(MarketClient operators, CancellationToken ct) =>
        new DemoDeal(operators, (_, english) => TestContext.Current.TestOutputHelper?.WriteLine(english)) { FreePeriod = TimeSpan.FromSeconds(30) }
            .RunAsync(ct);

    static async Task KillAsync(Platform platform, int kills, CancellationToken ct)
    {
        var random = new Random(Seed);
        for (var kill = 1; kill <= kills; kill++)
        {
            await Platform.RunForAsync(TimeSpan.FromMilliseconds(random.Next(50, 4000)), ct);
            await platform.KillAsync();
            await platform.StartAgainAsync();
        }
    }
}

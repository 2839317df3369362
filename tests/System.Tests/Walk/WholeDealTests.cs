using TechMarket.Tools;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>The main job by plain HTTP through the gateway: the same walk wherever the services run.</summary>
public sealed class WholeDealTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_whole_deal_standalone()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        await WalkAsync(platform);
    }

    [Fact]
    public async Task A_whole_deal_in_separate_processes_over_RabbitMQ()
    {
        await using var platform = await Platform.StartStackAsync();
        await WalkAsync(platform);
    }

    static async Task WalkAsync(Platform platform)
    {
        var ct = TestContext.Current.CancellationToken;
        using var operators = await platform.SignInOperatorAsync(Patience);
        var outcome = await new DemoDeal(operators, (_, english) => TestContext.Current.TestOutputHelper?.WriteLine(english)).RunAsync(ct);
        await DealRecord.CheckAsync(outcome, operators, ct);
    }
}

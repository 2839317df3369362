using TechMarket.Tools;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket demo-deal</c>: one deal from a draft to a certificate, by HTTP, each step printed.</summary>
public static class WalkDeal
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("demo-deal", "在运行中的平台上走完一笔交易 · one whole deal on the running platform", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var path = arguments.DataDirectory();
        arguments.End();
        using var operators = await RunningMarket.SignInOperatorAsync(path, Patience, ct);
        var steps = 0;
        var outcome = await new DemoDeal(operators, (chinese, english) => Console.WriteLine($"{++steps,3}. {chinese}\n     {english}")).RunAsync(ct);
        Console.WriteLine($"\n证书 · certificate: {new Uri(operators.Address, $"/api/certificates/{outcome.RegistrationNumber}")}");
        return 0;
    }
}

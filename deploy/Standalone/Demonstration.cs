using System.Text.Json;
using TechMarket.LocalServers;
using TechMarket.Tools;

namespace TechMarket.Standalone;

/// <summary>Loads the demonstration market at the first start, unless an empty one was asked for.</summary>
static class Demonstration
{
    const string PasswordFile = "demonstration.json";

    public static async Task LoadAsync(DataDirectory data, Uri address, CancellationToken ct)
    {
        var password = TrialOrganisations.NewPassword();
        var last = -10;
        try
        {
            using var operators = new MarketClient(address, TimeSpan.FromSeconds(30));
            await operators.SignInAsync(data.Operator.Email, data.Operator.Password, ct);
            await new DemonstrationMarket(operators, password, (percent, chinese, english) =>
            {
                if (percent < last + 10 && percent < 100) return;
                last = percent;
                Console.Error.WriteLine($"… 演示市场 {percent,3}% {chinese} · demonstration market: {english}");
            }).LoadAsync(ct);
        }
        catch (Exception e) when (e is MarketException or TimeoutException)
        {
            // The market itself runs; what is missing is something to look at.
            Console.Error.WriteLine($"演示市场未能完整载入 · the demonstration market was not loaded completely: {e.Message}");
            return;
        }

        await PrivateFile.WriteAsync(data.Part(PasswordFile), JsonSerializer.Serialize(password), ct);
        Console.WriteLine($"  演示账号 demonstration accounts, 口令 password {password}");
        foreach (var (chinese, english, email) in DemonstrationMarket.People) Console.WriteLine($"    {email,-36}{chinese} · {english}");
        Console.WriteLine();
    }
}

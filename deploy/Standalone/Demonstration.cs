using System.Text.Json;
using TechMarket.LocalServers;
using TechMarket.Tools;

namespace TechMarket.Standalone;

/// <summary>Loads the demonstration market at the first start, unless an empty one was asked for.</summary>
static class Demonstration
{
    const string PasswordFile = "demonstration.json";

    /// <summary>The password of its people; null where the market has none.</summary>
    public static string? Password(DataDirectory data) =>
        File.Exists(data.Part(PasswordFile)) ? JsonSerializer.Deserialize<string>(File.ReadAllText(data.Part(PasswordFile))) : null;

    public static async Task LoadAsync(DataDirectory data, Uri address, CancellationToken ct)
    {
        var password = TrialOrganisations.NewPassword();
        using var operators = new MarketClient(address, TimeSpan.FromSeconds(30));
        await operators.SignInAsync(data.Operator.Email, data.Operator.Password, ct);
        var last = -10;
        await new DemonstrationMarket(operators, password, (percent, chinese, english) =>
        {
            if (percent < last + 10 && percent < 100) return;
            last = percent;
            Console.Error.WriteLine($"… 演示市场 {percent,3}% {chinese} · demonstration market: {english}");
        }).LoadAsync(ct);
        await PrivateFile.WriteAsync(data.Part(PasswordFile), JsonSerializer.Serialize(password), ct);
    }
}

using TechMarket.Tools;

namespace TechMarket.Standalone;

/// <summary>The market that runs on a data directory, for the tools on this machine.</summary>
public static class RunningMarket
{
    /// <summary>Signs its operator in.</summary>
    public static async Task<MarketClient> SignInOperatorAsync(string path, TimeSpan patience, CancellationToken ct)
    {
        var (address, credentials) = await DataDirectory.FindRunningAsync(path, ct);
        var client = new MarketClient(address, patience);
        await client.SignInAsync(credentials.Email, credentials.Password, ct);
        return client;
    }
}

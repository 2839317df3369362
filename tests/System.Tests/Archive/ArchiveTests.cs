using TechMarket.LocalServers;
using TechMarket.Tools;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>A market survives its backup: restored elsewhere, and carried into a newer PostgreSQL.</summary>
public sealed class ArchiveTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_backup_of_a_running_market_restores_into_the_same_market()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var platform = await Platform.StartStandaloneAsync();
        using var operators = await platform.SignInOperatorAsync(Patience);
        var outcome = await new DemoDeal(operators, (_, _) => { }).RunAsync(ct);
        using var folder = new TemporaryFolder();
        var file = folder.Part("market.tar.gz");
        await platform.CommandAsync("backup", file);

        await Platform.RunCommandAsync("restore", file, "--data", folder.Part("restored"));
        await using var restored = await Platform.StartStandaloneAsync(folder.Part("restored"));
        using var theirs = await restored.SignInOperatorAsync(Patience);
        await CheckAsync(outcome, theirs, ct);

        // Life goes on: numbers and sequences continue where they stood.
        var next = await new DemoDeal(theirs, (_, _) => { }).RunAsync(ct);
        Assert.NotEqual(outcome.RegistrationNumber, next.RegistrationNumber);
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Part("nonsense"), "nonsense", TestContext.Current.CancellationToken);
        var (exitCode, output) = await Platform.RunAsync("restore", folder.Part("nonsense"), "--data", folder.Part("new"));
        Assert.Equal(1, exitCode);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_upgrade_carries_the_market_into_a_newer_PostgreSQL()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        DemoDeal.Outcome outcome;
        // The installed release is older than the pinned package's.
        Assert.SkipWhen((await PostgresBinaries.InstalledAsync(ct)).Count == 0, "apt-get install postgresql");
        await using (var old = await Platform.StartStandaloneAsync(folder.Part("data")))
        {
            using var operators = await old.SignInOperatorAsync(Patience);
            outcome = await new DemoDeal(operators, (_, _) => { }).RunAsync(ct);
        }

        var newer = new Dictionary<string, string?> { ["TECHMARKET_POSTGRES_BINARIES"] = "npm" };
        var before = EmbeddedPostgres.MajorOf(folder.Part("data/postgres"));
        await Platform.RunCommandAsync(newer, "upgrade", "--data", folder.Part("data"));
        Assert.True(EmbeddedPostgres.MajorOf(folder.Part("data/postgres")) > before);
        await using var upgraded = await Platform.StartStandaloneAsync(folder.Part("data"), newer);
        using var theirs = await upgraded.SignInOperatorAsync(Patience);
        await CheckAsync(outcome, theirs, ct);
    }

    /// <summary>The certificate, the contract, the log and the search answer as they did before.</summary>
    static async Task CheckAsync(DemoDeal.Outcome outcome, MarketClient market, CancellationToken ct)
    {
        var certificate = await market.GetAsync($"/api/certificates/{outcome.RegistrationNumber}", ct);
        Assert.Equal(outcome.Certificate.ToJsonString(), certificate.ToJsonString());
        using var seller = market.Another();
        await seller.SignInAsync(outcome.Seller.Client.Email, outcome.Seller.Password, ct);
        Assert.Equal("registered", (string?)(await seller.GetAsync($"/api/contracts/{outcome.ContractId}", ct))["status"]);
        var log = await market.GetAsync($"/api/auctions/{outcome.AuctionId}/log?limit=100", ct);
        Assert.NotEmpty(log["items"]!.AsArray());
        await market.GetUntilAsync($"/api/achievements?q={outcome.Mark}", found => (int)found["total"]! > 0, Patience, ct);
    }
}

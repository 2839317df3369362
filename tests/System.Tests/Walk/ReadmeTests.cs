using System.Diagnostics;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>What the README shows works as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_deal_in_curl_ends_in_a_certificate()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        var (email, password) = await platform.OperatorAsync();
        var start = new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", "-c", Script()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["at"] = platform.Address.ToString().TrimEnd('/'), ["OPERATOR_EMAIL"] = email, ["OPERATOR_PASSWORD"] = password,
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{await output}\n{await error}");
        var said = await output;
        Assert.Contains("\"achievementId\":", said, StringComparison.Ordinal);
        Assert.Matches("\"registrationNumber\":\"\\d{16}\"", said);
        Assert.Contains("\"count\":1,", said, StringComparison.Ordinal);
    }

    static string Script()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        const string fence = "```sh\n";
        var from = readme.IndexOf(fence, readme.IndexOf("## The deal in curl", StringComparison.Ordinal), StringComparison.Ordinal) + fence.Length;
        return readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
    }
}

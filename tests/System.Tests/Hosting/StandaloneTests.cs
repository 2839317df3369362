using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using TechMarket.LocalServers;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.SystemTests.Hosting;

public sealed class StandaloneTests
{
    [Fact]
    public async Task It_starts_on_new_data_tells_where_to_go_and_stops_leaving_nothing_behind()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        await ExpectReadyAsync(platform);
        var (email, password) = await platform.OperatorAsync();
        foreach (var word in new[] { platform.Address.ToString(), email, password, "Ctrl-C" })
            Assert.Contains(word, platform.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(platform.Data, "operator.json")));

        var server = PostmasterOf(platform);
        Assert.Equal(0, await platform.StopAsync());
        Assert.False(ProcessTable.IsRunning(server), "PostgreSQL is still there");
        Assert.False(File.Exists(Path.Combine(platform.Data, "address")));
    }

    [Fact]
    public async Task Ctrl_C_stops_it_as_well()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        var server = PostmasterOf(platform);
        Assert.Equal(0, await platform.StopAsync(Signal.Interrupt));
        Assert.False(ProcessTable.IsRunning(server), "PostgreSQL is still there");
    }

    [Fact]
    public async Task Killed_it_starts_again_on_the_same_data_and_the_password_is_not_shown_again()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        var (_, password) = await platform.OperatorAsync();
        await using (var connection = new NpgsqlConnection(platform.Database))
        {
            await connection.OpenAsync();
            await using var write = new NpgsqlCommand("create table kept (id int); insert into kept values (7)", connection);
            await write.ExecuteNonQueryAsync();
        }

        var before = platform.Output.Length;
        await platform.KillAsync();
        await platform.StartAgainAsync();
        await ExpectReadyAsync(platform);
        Assert.DoesNotContain(password, platform.Output[before..], StringComparison.Ordinal);
        await using (var connection = new NpgsqlConnection(platform.Database))
        {
            await connection.OpenAsync();
            await using var read = new NpgsqlCommand("select id from kept", connection);
            Assert.Equal(7, await read.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task A_second_one_on_the_same_data_says_so_in_one_line()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        var (exitCode, output) = await Platform.RunAsync("run", "--data", platform.Data, "--port", "0");
        Assert.Equal(1, exitCode);
        Assert.Single(output.Trim().Split('\n'));
        Assert.Contains("already runs", output, StringComparison.Ordinal);
        await ExpectReadyAsync(platform);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var data = Directory.CreateTempSubdirectory("techmarket-port-").FullName;
        var (exitCode, output) = await Platform.RunAsync("run", "--data", data, "--port", $"{port}");
        Directory.Delete(data, recursive: true);
        Assert.Equal(1, exitCode);
        Assert.Single(output.Trim().Split('\n'));
        Assert.Contains($"port {port} is in use", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_it_ends_and_says_so()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        ChildProcess.Send(PostmasterOf(platform), Signal.Kill);
        await Eventually.Async(() => Task.FromResult(ProcessTable.IsRunning(platform.ProcessId)), running => !running);
        Assert.Contains("PostgreSQL ended unexpectedly", platform.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--prot", "80")]
    [InlineData("run", "--port", "many")]
    [InlineData("run", "--port")]
    [InlineData("rum")]
    public async Task What_it_does_not_understand_it_refuses(params string[] arguments)
    {
        var (exitCode, output) = await Platform.RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_rests_in_600_MB_with_its_database()
    {
        await using var platform = await Platform.StartStandaloneAsync();
        var bytes = ProcessTable.MemoryOf(platform.ProcessId);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes / 1_000_000} MB, started in {platform.StartedIn.TotalSeconds:0.0} s");
        Assert.InRange(bytes, 1, 600_000_000);
    }

    [Fact]
    public async Task Where_PostgreSQL_is_not_installed_the_pinned_package_serves()
    {
        Assert.SkipWhen(ChildProcess.Find("npm") is null, "npm is missing: apt-get install npm");
        await using var platform = await Platform.StartStandaloneAsync(
            environment: new Dictionary<string, string?> { ["TECHMARKET_POSTGRES_BINARIES"] = "npm" });
        await ExpectReadyAsync(platform);
        Assert.Equal("18", (await File.ReadAllTextAsync(Path.Combine(platform.Data, "postgres/data/PG_VERSION"))).Trim());
    }

    static async Task ExpectReadyAsync(Platform platform)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(platform.Address, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    static int PostmasterOf(Platform platform) =>
        int.Parse(File.ReadLines(Path.Combine(platform.Data, "postgres/data/postmaster.pid")).First(), CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Net;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.SystemTests.Hosting;

public sealed class StackTests
{
    [Fact]
    public async Task One_process_a_service_starts_survives_the_death_of_each_and_stops_leaving_nothing_behind()
    {
        await using var platform = await Platform.StartStackAsync();
        var services = Children(platform.ProcessId).Where(child => CommandOf(child).Contains("TechMarket.", StringComparison.Ordinal)).ToList();
        // Five services and the gateway.
        Assert.Equal(6, services.Count);
        foreach (var service in services) Process.GetProcessById(service).Kill();
        using var http = new HttpClient();
        await Eventually.Async(
            () => Task.FromResult(platform.Output.Split("is started again").Length - 1), restarts => restarts == services.Count);
        await Eventually.Async(() => StatusAsync(http, platform), status => status == HttpStatusCode.OK);

        var all = Descendants(platform.ProcessId).ToList();
        Assert.Equal(0, await platform.StopAsync());
        await Eventually.Async(() => Task.FromResult(string.Join(' ', all.Where(IsRunning).Select(CommandOf))), left => left.Length == 0);
    }

    static async Task<HttpStatusCode> StatusAsync(HttpClient http, Platform platform)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(platform.Address, "/health/ready"));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    static IEnumerable<int> Descendants(int processId) => Children(processId).SelectMany(child => Descendants(child).Prepend(child));

    static IEnumerable<int> Children(int processId) => Process.GetProcesses().Select(process => process.Id)
        .Where(id => ProcessTable.ParentOf(id) == processId).ToList();

    static string CommandOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    static bool IsRunning(int processId) => ProcessTable.IsRunning(processId);
}

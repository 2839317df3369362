using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Spectre.Console;
using TechMarket.LocalServers;
using TechMarket.Tools;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket import DIR</c>: loads collections of achievements and needs into the running platform. Again is harmless.</summary>
public static class ImportCollections
{
    const string RejectedFile = "rejected.csv";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Its place in the program.</summary>
    public static readonly Command Command =
        new("import", "导入外部成果与需求 · import DIR [--email BUREAU --password PASSWORD]", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var path = arguments.DataDirectory();
        var email = arguments.Option("--email");
        var password = arguments.Option("--password");
        var folder = arguments.Word() ?? throw new ArgumentException("缺少目录 · import DIR: the folder is missing");
        arguments.End();
        if (!Directory.Exists(folder)) throw new CannotStartException($"没有目录 {folder} · there is no folder {folder}");
        var collections = await Progress.StepAsync($"读取 {folder} · reading {folder}", () => Task.Run(() => SourceCollections.Find(folder), ct));
        if (collections.Count == 0) throw new CannotStartException($"{folder} 中没有可导入的数据集 · {folder} holds no collection that is known here");
        using var bureau = await BureauAsync(path, email, password, ct);

        var rejected = new List<(string Collection, Import.Rejection Rejection)>();
        foreach (var collection in collections)
        {
            var outcome = await SendAsync(collection, bureau, ct);
            rejected.AddRange(outcome.Rejected.Select(rejection => (collection.Name, rejection)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{collection.Name}: 新增或更新 accepted {outcome.Accepted}, 未变 unchanged {outcome.Unchanged}, 拒绝 rejected {outcome.Rejected.Count}, " +
                $"{outcome.Took.TotalSeconds:0.0} s, {outcome.RecordsPerSecond:0} 条/秒 records/s"));
            foreach (var reason in outcome.Rejected.GroupBy(rejection => rejection.Reason).OrderByDescending(reason => reason.Count()).Take(10))
                Console.WriteLine($"  {reason.Count(),6} × {reason.Key}");
        }

        if (rejected.Count > 0) Console.WriteLine($"每条被拒记录见 · every rejected record: {WriteRejected(path, rejected)}");
        return 0;
    }

    static async Task<Import.Outcome> SendAsync(SourceCollection collection, MarketClient bureau, CancellationToken ct)
    {
        var import = new Import(bureau);
        Import.Outcome? outcome = null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(collection.Name, maxValue: collection.Count);
                outcome = await import.RunAsync(collection, done => task.Value = done, ct);
            });
        return outcome!;
    }

    /// <summary>The bureau named on the command line, else one of this machine's own, made once and kept beside the data.</summary>
    static async Task<MarketClient> BureauAsync(string path, string? email, string? password, CancellationToken ct)
    {
        var (address, _) = await DataDirectory.FindRunningAsync(path, ct);
        var file = Path.Combine(path, "importer.json");
        var known = email is not null ? new OperatorCredentials(email, password ?? "")
            : File.Exists(file) ? JsonSerializer.Deserialize<OperatorCredentials>(await File.ReadAllTextAsync(file, ct), JsonSerializerOptions.Web)
            : null;
        if (known is not null)
        {
            var client = new MarketClient(address, Patience);
            await client.SignInAsync(known.Email, known.Password, ct);
            return client;
        }

        using var operators = await RunningMarket.SignInOperatorAsync(path, Patience, ct);
        var made = new OperatorCredentials($"importer.{Guid.NewGuid():N}@example.org", TrialOrganisations.NewPassword());
        var bureau = await TrialOrganisations.JoinAsync(operators, "bureau", "数据导入专用科技部门", "510000", "导入专员", made.Email, made.Password, ct);
        await PrivateFile.WriteAsync(file, JsonSerializer.Serialize(made, JsonSerializerOptions.Web), ct);
        return bureau.Client;
    }

    static string WriteRejected(string path, IEnumerable<(string Collection, Import.Rejection Rejection)> rejected)
    {
        var file = Path.Combine(path, RejectedFile);
        using var writer = new CsvWriter(new StreamWriter(file), CultureInfo.InvariantCulture);
        writer.WriteRecords(rejected.Select(one => new { one.Collection, one.Rejection.SourceId, one.Rejection.Title, one.Rejection.Reason }));
        return file;
    }
}

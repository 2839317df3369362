using TechMarket.ServiceKit;

namespace TechMarket.Standalone.Commands;

/// <summary><c>techmarket migrate</c>: brings every schema, and the queues of a broker that is given, up to date and ends.</summary>
public static class Migrate
{
    /// <summary>Its place in the program.</summary>
    public static readonly Command Command = new("migrate", "升级数据库结构后退出 · bring the database up to date and end", ExecuteAsync);

    static async Task<int> ExecuteAsync(Arguments arguments, CancellationToken ct)
    {
        var path = arguments.DataDirectory();
        arguments.End();
        using var data = await DataDirectory.OpenAsync(path, ct);
        await using var servers = await Servers.StartAsync(data, withBroker: false, ct);
        foreach (var definition in Services.All)
        {
            var settings = await Services.SettingsAsync(definition, data, servers, ct);
            await using var app = ServiceHost.Build(definition, [], builder => builder.Configuration.AddInMemoryCollection(settings));
            await Progress.StepAsync($"升级 {definition.Name} · migrating {definition.Name}", () => ServiceHost.MigrateAsync(app, definition, ct));
            Console.WriteLine($"{definition.Name}: 已是最新 · up to date");
        }

        if (Environment.GetEnvironmentVariable("TECHMARKET_RABBITMQ") is { Length: > 0 } broker)
            await RabbitTransport.DeclareAsync(new Uri(broker), Services.All.Select(service => service.Name), ct);
        return 0;
    }
}

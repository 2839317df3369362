using TechMarket.ServiceKit;

namespace TechMarket.Standalone;

/// <summary>The services of the platform and the settings each is started with, in one process or in its own.</summary>
public static class Services
{
    const int PoolSize = 16;

    /// <summary>All of them; Accounts first, whose keys the others trust.</summary>
    public static readonly IReadOnlyList<ServiceDefinition> All =
        [Accounts.Program.Service, Listings.Program.Service, Matching.Program.Service, Auctions.Program.Service, Contracts.Program.Service];

    /// <summary>Makes the role and the schema of a service, and answers its settings.</summary>
    public static async Task<Dictionary<string, string?>> SettingsAsync(
        ServiceDefinition service, DataDirectory data, Servers servers, CancellationToken ct)
    {
        var files = data.Part(Path.Combine("files", service.Name));
        LocalServers.PrivateFile.CreateDirectory(files);
        var settings = new Dictionary<string, string?>
        {
            ["Database"] = await Provisioning.EnsureAsync(servers.Database, service.Name, data.Secret, PoolSize, ct),
            ["RabbitMq"] = servers.Broker?.ToString(),
            ["Elasticsearch"] = Environment.GetEnvironmentVariable("TECHMARKET_ELASTICSEARCH"),
            ["Files"] = files,
        };
        if (service == Accounts.Program.Service)
        {
            settings["Operator:Email"] = data.Operator.Email;
            settings["Operator:Password"] = data.Operator.Password;
        }

        return settings;
    }

    /// <summary>The settings of the gateway.</summary>
    /// <param name="data">Where it keeps the keys of its cookies.</param>
    /// <param name="addresses">Of the services, in the order of <see cref="All"/>.</param>
    public static Dictionary<string, string?> GatewaySettings(DataDirectory data, IEnumerable<string> addresses)
    {
        var files = data.Part(Path.Combine("files", "gateway"));
        LocalServers.PrivateFile.CreateDirectory(files);
        var settings = new Dictionary<string, string?> { ["Files"] = files };
        foreach (var (service, address) in All.Zip(addresses)) settings[$"Services:{service.Name}"] = address;
        return settings;
    }
}

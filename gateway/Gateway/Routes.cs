using System.Text.Json;
using Yarp.ReverseProxy.Configuration;

namespace TechMarket.Gateway;

/// <summary>Which path belongs to which service: <c>routes.json</c> for the nouns, and for every service its parameters and its operators' pages.</summary>
public static class Routes
{
    /// <summary>The services in the order of the table.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Paths = Read();

    /// <summary>The address of a service: the setting <c>Services:NAME</c>.</summary>
    public static Uri Address(IConfiguration configuration, string service) => new(
        configuration[$"Services:{service}"] ?? throw new InvalidOperationException($"The setting Services:{service} is missing."));

    internal static IReadOnlyList<RouteConfig> All() =>
    [
        .. Paths.SelectMany(service => service.Value
            .Append($"/api/parameters/{service.Key}")
            .Select(path => new RouteConfig { RouteId = $"{service.Key} {path}", ClusterId = service.Key, Match = new RouteMatch { Path = path } })),
        .. Paths.Keys.Select(service => new RouteConfig
        {
            RouteId = $"{service} admin",
            ClusterId = service,
            Match = new RouteMatch { Path = $"/admin/{service}/{{**rest}}" },
            Transforms = [new Dictionary<string, string> { ["PathPattern"] = "/admin/{**rest}" }],
        }),
    ];

    internal static IReadOnlyList<ClusterConfig> Clusters(IConfiguration configuration) =>
    [
        .. Paths.Keys.Select(service => new ClusterConfig
        {
            ClusterId = service,
            Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = Address(configuration, service).ToString() } },
            HttpRequest = new Yarp.ReverseProxy.Forwarder.ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(60) },
        }),
    ];

    static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(Routes).Assembly.GetManifestResourceStream("TechMarket.Gateway.routes.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream)!;
    }
}

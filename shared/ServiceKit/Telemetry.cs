using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TechMarket.ServiceKit;

/// <summary>Traces and figures of the market. They cost next to nothing until a collector is configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).</summary>
public static class Telemetry
{
    /// <summary>Spans of our own: consuming an event, deciding a bid.</summary>
    public static readonly ActivitySource Source = new("TechMarket");

    /// <summary>Business figures.</summary>
    public static readonly Meter Meter = new("TechMarket");

    /// <summary>Starts exporting when a collector is configured; dispose what is returned at the end.</summary>
    public static IReadOnlyList<IDisposable> Start(string service, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return [];
        var resource = ResourceBuilder.CreateDefault().AddService($"techmarket-{service}");
        return
        [
            Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource("TechMarket", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Yarp.ReverseProxy")
                .AddOtlpExporter().Build(),
            Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
                .AddMeter("TechMarket", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "Npgsql", "MassTransit")
                .AddOtlpExporter().Build(),
        ];
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orleans.Kms.Gateway.Telemetry;

/// <summary>What a program of the service shows of itself: metrics for Prometheus and traces for OpenTelemetry. What is not asked for is not even measured.</summary>
internal static class Telemetry
{
    private const string TraceEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TraceEndpointOfTraces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    /// <summary>Whether traces are sent somewhere, by OpenTelemetry's own environment variables.</summary>
    public static bool SendsTraces(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[TraceEndpoint]) || !string.IsNullOrEmpty(configuration[TraceEndpointOfTraces]);

    /// <summary>Adds them as they are wanted.</summary>
    /// <param name="builder">The program; traces call it by its name, unless <c>OTEL_SERVICE_NAME</c> says otherwise.</param>
    /// <param name="hasMetrics">Whether metrics are shown.</param>
    public static void AddKmsTelemetry(this IHostApplicationBuilder builder, bool hasMetrics)
    {
        var sendsTraces = SendsTraces(builder.Configuration);
        if (!hasMetrics && !sendsTraces) return;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.Clear().AddService(builder.Environment.ApplicationName).AddTelemetrySdk().AddEnvironmentVariableDetector());
        if (hasMetrics) telemetry.WithMetrics(AddMetrics);
        if (sendsTraces) telemetry.WithTracing(AddTraces);
    }

    private static void AddMetrics(MeterProviderBuilder metrics) => metrics
        .AddMeter("Orleans.Kms", "Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
        .AddView(instrument => CountsMessages(instrument.Name) ? MetricStreamConfiguration.Drop : null)
        .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);

    // A request is several messages, and each is counted several times on its way: together they would cost more than all the rest.
    private static bool CountsMessages(string name) =>
        name.StartsWith("orleans-messaging-processing-", StringComparison.Ordinal) || name.StartsWith("orleans-directory-lookups-", StringComparison.Ordinal)
        || name is "orleans-messaging-sent-local" or "orleans-messaging-sent-messages-size" or "orleans-messaging-received-messages-size" or "orleans-messaging-sent-header-size"
            or "orleans-messaging-received-header-size" or "orleans-gateway-sent" or "orleans-gateway-received";

    // Grain calls, but not what Orleans tells of storage and activations: its events may quote what was stored.
    private static void AddTraces(TracerProviderBuilder traces) => traces
        .AddSource(RequestTrace.SourceName, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application")
        .AddProcessor(new SpanContent())
        .AddOtlpExporter();
}

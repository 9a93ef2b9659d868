using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Orleans.Kms.Gateway.Telemetry;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>The port for operators. A server of its own, so that nothing of it can be asked for at any other port, whatever a request's Host says; up before the service is, and down after it.</summary>
/// <param name="options">Where it listens.</param>
/// <param name="map">Maps what it serves, with the service's own services.</param>
/// <param name="metrics">What is measured.</param>
/// <param name="service">The service's own services.</param>
internal sealed class MonitoringServer(MonitoringOptions options, Action<IEndpointRouteBuilder, IServiceProvider> map, MeterProvider metrics, IServiceProvider service) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    /// <exception cref="InvalidOperationException">The address cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(options.Address, out var address)) throw new InvalidOperationException($"Kms:Monitoring:Address {options.Address} is no IP address.");
        // From nothing: no setting and no variable can make it listen anywhere else.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore().AddSingleton(service.GetRequiredService<ILoggerFactory>()).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfService>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _server = builder.Build();
        // This port is up before the service's own: who went by it would send calls to where nobody listens yet.
        // And it is down after that: who asks meanwhile should send them elsewhere.
        var lifetime = service.GetRequiredService<IHostApplicationLifetime>();
        _server.Use((context, next) => context.Request.Path != "/readyz" ? next(context)
            : lifetime.ApplicationStopping.IsCancellationRequested ? NotReady(context.Response, "stop")
            : lifetime.ApplicationStarted.IsCancellationRequested ? next(context) : NotReady(context.Response, "start"));
        _server.UseRouting();
        // What is served here is the service's; this server has nothing of its own.
        _server.Use((http, next) =>
        {
            http.RequestServices = service;
            return next(http);
        });
        map(_server, service);
        _server.MapPrometheusScrapingEndpoint(path: null, meterProvider: metrics, configureBranchedPipeline: null, optionsName: null);
        await _server.StartAsync(cancellationToken);
    }

    private static Task NotReady(HttpResponse response, string check)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return response.WriteAsJsonAsync(new Dictionary<string, string> { [check] = "failed" });
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>How a program has the port for operators.</summary>
internal static class MonitoringHosting
{
    /// <summary>Adds it, if a port is set, with metrics, and traces if they are sent somewhere. Before anything that takes its time to start, or measures something.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="options">Where it listens.</param>
    /// <param name="map">Maps what it serves.</param>
    public static void AddKmsMonitoring(this IHostApplicationBuilder builder, MonitoringOptions options, Action<IEndpointRouteBuilder, IServiceProvider> map)
    {
        builder.AddKmsTelemetry(hasMetrics: options.Port != 0);
        if (options.Port != 0) builder.Services.AddHostedService(services => new MonitoringServer(options, map, services.GetRequiredService<MeterProvider>(), services));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Kms.Gateway.Telemetry;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>What the programs of the service have in common: where settings come from and logs go to, and how long a stop may take.</summary>
internal static class ServiceHost
{
    // How long calls in flight may take to end once the process was asked to stop.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(25);

    // Errors of Orleans' watchdog and silo are warnings of ours: what they mean is told by what fails.
    private static readonly KeyValuePair<string, string?>[] LogLevels =
    [
        new("Logging:LogLevel:Default", "Warning"),
        new("Logging:LogLevel:Orleans.Kms", "Information"),
        new("Logging:LogLevel:Orleans.Kms.Grains.Access.RightsService", "Warning"),
        new("Logging:LogLevel:Orleans.Kms.Grains.Quotas.RateService", "Warning"),
        new("Logging:LogLevel:Orleans.Kms.Grains.Hsm.RootKeyService", "Warning"),
        new("Logging:LogLevel:Orleans.Runtime.Watchdog", "Error"),
        new("Logging:LogLevel:Orleans.Runtime.Silo", "Error"),
        new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning"),
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),
    ];

    /// <summary>The builder of a program that serves the API: settings from <c>appsettings.json</c> beside it and the environment, logs to standard error.</summary>
    public static WebApplicationBuilder CreateWebBuilder() => Configured(WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }));

    /// <summary>Likewise, of one that does not.</summary>
    public static HostApplicationBuilder CreateBuilder() => Configured(Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }));

    private static T Configured<T>(T builder) where T : IHostApplicationBuilder
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        builder.Configuration.AddEnvironmentVariables();
        builder.AddKmsLogs();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        return builder;
    }
}

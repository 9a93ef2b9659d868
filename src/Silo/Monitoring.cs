using Orleans.Dashboard;
using Orleans.Kms.Gateway.Hosting;
using Orleans.Kms.Gateway.Telemetry;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Silo.Health;

namespace Orleans.Kms.Silo;

/// <summary>What operators see of a silo beside its metrics.</summary>
internal static class Monitoring
{
    private const string DashboardPath = "/dashboard";

    // The first reads what grains store, the second shows log lines of every category.
    private static readonly string[] LeftOut = [DashboardPath + "/GrainState", DashboardPath + "/Trace"];

    /// <summary>Adds the port for operators.</summary>
    public static void AddMonitoring(this IHostApplicationBuilder builder, MonitoringOptions options) => builder.AddKmsMonitoring(options, (app, service) =>
    {
        app.MapKmsHealth(service);
        if (options.Dashboard) MapDashboard(new ServiceRoutes(app, service));
    });

    /// <summary>Adds what grain calls need for traces and the dashboard.</summary>
    public static void UseMonitoring(this ISiloBuilder silo, MonitoringOptions options)
    {
        if (Telemetry.SendsTraces(silo.Configuration)) silo.AddActivityPropagation();
        if (!options.Dashboard) return;
        silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        silo.Services.AddSingleton<IOutgoingGrainCallFilter, DashboardCalls>();
    }

    private static void MapDashboard(ServiceRoutes app)
    {
        var pass = app.ServiceProvider.GetRequiredService<SiloPass>();
        app.MapOrleansDashboard(DashboardPath).AddEndpointFilter((context, next) =>
        {
            if (context.HttpContext.GetEndpoint() is not RouteEndpoint route || LeftOut.Contains(route.RoutePattern.RawText)) return ValueTask.FromResult<object?>(Results.NotFound());
            // What it asks of Orleans' own grains, too.
            pass.Attach();
            return next(context);
        });
    }

    /// <summary>The dashboard's grains are for silos: what calls them in this process has its pass.</summary>
    private sealed class DashboardCalls(SiloPass pass) : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.InterfaceMethod.DeclaringType?.Assembly == typeof(DashboardOptions).Assembly) pass.Attach();
            return context.Invoke();
        }
    }

    /// <summary>Routes of the monitoring server to what the silo's own services do.</summary>
    private sealed class ServiceRoutes(IEndpointRouteBuilder server, IServiceProvider service) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => service;

        public ICollection<EndpointDataSource> DataSources => server.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => server.CreateApplicationBuilder();
    }
}

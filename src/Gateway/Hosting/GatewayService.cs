using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Kms.Gateway.Cluster;
using ClusterOptions = Orleans.Kms.Gateway.Cluster.ClusterOptions;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>A gateway of a cluster: an Orleans client, which finds the silos in the membership table and holds no secret but its certificate's key.</summary>
internal static class GatewayService
{
    private const string Invariant = "Npgsql";

    // A call that is lost with a silo is told by nobody: when this is over it is repeated, if it changes nothing. Those that may take longer have times of their own.
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(8);

    // A silo that is gone should not be tried for long, nor a new one stay without work.
    private static readonly TimeSpan SilosAreReadEvery = TimeSpan.FromSeconds(2);

    /// <summary>Runs until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">A setting is missing or out of range; the message says which.</exception>
    public static async Task<int> Run(string[] args)
    {
        if (args.Length > 0) throw new InvalidOperationException("it takes no arguments, only settings (Kms__Gateway__Port=8080).");
        var builder = ServiceHost.CreateWebBuilder();
        var (gateway, cluster, monitoring, database) = Read(builder.Configuration.GetSection("Kms"));
        var tls = new ClusterTls(cluster.Tls);
        builder.Services.AddSingleton(Options.Create(gateway)).AddSingleton(TimeProvider.System).AddKmsGateway();
        builder.Services.AddSingleton<ClusterConnection>()
            .AddSingleton<IClusterConnectionStatusObserver>(services => services.GetRequiredService<ClusterConnection>())
            .AddSingleton<IClientConnectionRetryFilter>(services => services.GetRequiredService<ClusterConnection>());
        builder.AddKmsMonitoring(monitoring, Map);
        builder.UseOrleansClient(client =>
        {
            UseCluster(client, cluster, database, tls);
            if (Telemetry.Telemetry.SendsTraces(builder.Configuration)) client.AddActivityPropagation();
        });
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(server => server.UseKmsGateway(gateway));
        await using var app = builder.Build();
        app.MapKmsGateway();
        Map(app, app.Services);
        try { await app.StartAsync(); }
        // Asked to stop while it waits for the silos.
        catch (Exception) when (app.Lifetime.ApplicationStopping.IsCancellationRequested) { return 0; }
        app.Services.GetRequiredService<ClusterConnection>().Serves();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Orleans.Kms gateway is ready: port {gateway.Port}, cluster {cluster.Id}, region {gateway.RegionId}"));
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static (GatewayOptions, ClusterOptions, MonitoringOptions, string Database) Read(IConfigurationSection section)
    {
        var (gateway, cluster, monitoring) = (new GatewayOptions(), new ClusterOptions(), new MonitoringOptions { Port = MonitoringOptions.ClusterPort });
        section.GetSection("Gateway").Bind(gateway);
        section.GetSection("Cluster").Bind(cluster);
        section.GetSection("Monitoring").Bind(monitoring);
        gateway.RegionId = section["RegionId"] ?? gateway.RegionId;
        var regions = section.GetSection("Regions").GetChildren().Select(region => region["Id"] ?? "").ToArray();
        gateway.RegionIds = regions.Length == 0 ? [gateway.RegionId] : regions;
        var database = section["Database"] ?? "";
        var faults = new List<ValidationResult>();
        foreach (var options in new object[] { gateway, cluster, monitoring }) Validator.TryValidateObject(options, new(options), faults, validateAllProperties: true);
        if (!IsConnectionString(database)) faults.Add(new("Kms:Database is no connection string of PostgreSQL"));
        if (database.Length == 0) faults.Add(new("Kms:Database is needed: the gateway finds the silos in its membership table"));
        if (!gateway.RegionIds.Contains(gateway.RegionId)) faults.Add(new($"Kms:Regions has to list this region, '{gateway.RegionId}' (Kms:RegionId), too"));
        return faults.Count == 0 ? (gateway, cluster, monitoring, database) : throw new InvalidOperationException(string.Join("; ", faults.Select(fault => fault.ErrorMessage)));
    }

    private static bool IsConnectionString(string database)
    {
        try { return new NpgsqlConnectionStringBuilder(database) is not null; }
        catch (ArgumentException) { return false; }
    }

    private static void UseCluster(IClientBuilder client, ClusterOptions cluster, string database, ClusterTls tls)
    {
        client.Configure<Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Id, ClusterOptions.ServiceId));
        client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, database));
        client.Configure<Configuration.GatewayOptions>(options => options.GatewayListRefreshPeriod = SilosAreReadEvery);
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = CallTime);
        client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.UseClientTls(tls.ToSilo())));
    }

    private static void Map(IEndpointRouteBuilder app, IServiceProvider service)
    {
        var connection = service.GetRequiredService<ClusterConnection>();
        app.MapGet("/healthz", () => "alive");
        app.MapGet("/readyz", () => Results.Json(
            new Dictionary<string, string> { ["cluster"] = connection.IsUp ? "ok" : "failed" }, statusCode: connection.IsUp ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
    }
}

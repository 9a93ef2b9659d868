using System.Globalization;
using System.Net;
using Npgsql;
using Orleans.Kms.Gateway.Cluster;
using Orleans.Kms.Gateway.Hosting;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Health;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Cluster;

/// <summary>One silo of a cluster. Gateways are other processes; its own HTTP is for operators. Its data folder has its token, if that is a SoftHSM2 one, and the socket of kms-admin.</summary>
internal static class ClusterSilo
{
    /// <summary>Runs until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartupException">It cannot start.</exception>
    public static async Task<int> Run(Settings settings, Arguments arguments)
    {
        if (arguments.Port is not null || arguments.AccountIds.Count > 0) throw new StartupException("a silo of a cluster takes no --port and no --account: gateways are programs of their own, and kms-admin add-account makes accounts.");
        var address = settings.Cluster.Kubernetes ? IPAddress.Any : IPAddress.Parse(settings.Cluster.Address);
        Service.RequireFreePort("Orleans:SiloPort", address, settings.Orleans.SiloPort);
        Service.RequireFreePort("Orleans:GatewayPort", address, settings.Orleans.GatewayPort);
        Service.RequireFreePort("Monitoring:Port", IPAddress.Parse(settings.Monitoring.Address), settings.Monitoring.Port);

        using var folder = DataFolder.Open(arguments.DataFolder);
        var database = new PostgresDatabase(settings.Database);
        database.RequireSchema();
        var prepared = database.Reached(source => Prepare(folder, database.Databases(source), source, settings));
        using var app = Build(settings, database, prepared);
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        Service.Tell(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.Kms.Silo"), settings, prepared);
        try
        {
            await app.StartAsync();
            // Of calls that other silos have under way nothing is left behind yet.
            await app.Services.GetRequiredService<IntentRecovery>().Run(TimeProvider.System.GetUtcNow() - Changes.LongestCall);
        }
        catch (Exception e) when (Service.IsStop(lifetime, e))
        {
            // It may be a member already: the others should not have to find out that it is gone.
            await app.StopAsync();
            return 0;
        }
        await using var admin = await AdminSocket.Start(folder, database.Databases(app.Services.GetRequiredService<NpgsqlDataSource>()), app.Services);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Orleans.Kms silo {settings.Cluster.SiloName} is ready: cluster {settings.Cluster.Id}, region {settings.Kms.RegionId}, monitoring port {settings.Monitoring.Port}"));
        await app.WaitForShutdownAsync();
        return 0;
    }

    // Silos that begin at once with an empty database, and with one HSM between them, would each make a root key in it of the same name.
    private static Prepared Prepare(DataFolder folder, ServiceDatabases databases, NpgsqlDataSource source, Settings settings)
    {
        return databases.Secrets.Find(ServiceSecrets.ServiceKey) is null ? PostgresDatabase.Alone(source, Prepare) : Prepare();

        Prepared Prepare() => EmbeddedSetup.Prepare(folder, databases, settings.Hsm, settings.Kms.RootKeyFile);
    }

    private static IHost Build(Settings settings, PostgresDatabase database, Prepared prepared)
    {
        try
        {
            var tls = new ClusterTls(settings.Cluster.Tls);
            var builder = ServiceHost.CreateBuilder();
            builder.AddOptions(settings);
            prepared.AddTo(builder.Services);
            builder.AddMonitoring(settings.Monitoring);
            builder.UseOrleans(silo =>
            {
                silo.UseCluster(settings, database, tls);
                silo.UseMonitoring(settings.Monitoring);
            });
            builder.Services.AddHostedService<AdminEvents>();
            builder.Services.AddKmsReadiness(settings.Kms.HasToken);
            return builder.Build();
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(e.Message);
        }
    }
}

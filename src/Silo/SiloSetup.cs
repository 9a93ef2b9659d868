using Orleans.Configuration;
using Orleans.Kms.Gateway;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;
using Orleans.Storage;

namespace Orleans.Kms.Silo;

/// <summary>How the silo of the embedded shape is put together, and what all silos have in common.</summary>
internal static class SiloSetup
{
    private const string SqliteInvariant = "System.Data.SQLite";
    private const string UngatedStorage = "kms-ungated";

    /// <summary>The key of the <see cref="GatedGrainStorage"/> among the silo's services.</summary>
    public const string GatedStorage = "kms-gated";

    /// <summary>A silo alone on loopback.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Its ports.</param>
    /// <param name="anyPort">Used if they leave the silo's port to us.</param>
    public static void UseNoCluster(this ISiloBuilder silo, OrleansOptions options, HeldPort anyPort)
    {
        silo.UseLocalhostClustering(options.SiloPort == 0 ? anyPort.Number : options.SiloPort, options.GatewayPort, serviceId: "kms", clusterId: "kms");
        silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = options.GatewayPort);
    }

    /// <summary>How long calls between grains may take.</summary>
    public static void UseKmsTimeouts(this ISiloBuilder silo)
    {
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = GatewayHosting.ResponseTimeout);
        silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = GatewayHosting.ResponseTimeout);
    }

    /// <summary>The grains, with their state and reminders in the data folder.</summary>
    public static void UseEmbedded(this ISiloBuilder silo, DataFolder folder)
    {
        silo.UseKmsTimeouts();
        silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = SqliteInvariant;
            reminders.ConnectionString = folder.Reminders.ConnectionString;
        });
        silo.AddAdoNetGrainStorage(UngatedStorage, storage =>
        {
            storage.Invariant = SqliteInvariant;
            storage.ConnectionString = folder.Grains.ConnectionString;
            storage.GrainStorageSerializer = new RecordSerializer();
        });
        silo.Services.AddKeyedSingleton(GatedStorage, (services, _) => new GatedGrainStorage(services.GetRequiredKeyedService<IGrainStorage>(UngatedStorage)));
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (services, _) => services.GetRequiredKeyedService<GatedGrainStorage>(GatedStorage));
        silo.Services.AddSingleton(folder.Kms.DataSource());
        silo.Services.AddSingleton(new TrailDatabase(folder.Trail.DataSource(isPooled: false), folder.Trail.Path));
        silo.AddKmsGrains();
    }
}

using Orleans.Configuration;
using Orleans.Kms.Gateway;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orleans.Kms.Silo;

/// <summary>How the silo of the embedded shape is put together, and what all silos have in common.</summary>
internal static class SiloSetup
{
    // All calls of a grain wait while it is found out where it is, and a question about that may be lost with a silo: the next call has to ask anew.
    private static readonly TimeSpan PlacementTimeout = TimeSpan.FromSeconds(5);

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

    /// <summary>How long calls between grains may take, and what is told of it when they fail.</summary>
    public static void UseKmsCalls(this ISiloBuilder silo)
    {
        silo.Configure<SiloMessagingOptions>(messaging => (messaging.ResponseTimeout, messaging.PlacementTimeout) = (GatewayHosting.ResponseTimeout, PlacementTimeout));
        silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = GatewayHosting.ResponseTimeout);
        silo.Services.Configure<ExceptionSerializationOptions>(TellFailures);
    }

    /// <summary>
    /// Lets failures of what grains stand on, a database or Orleans' own time limits, go from silo to silo and to gateways. They come from where no call filter is yet, such as a grain's activation; Orleans
    /// puts a fault of its own in the place of an exception that it must not send, by which an outage looks like a bug.
    /// </summary>
    public static void TellFailures(ExceptionSerializationOptions exceptions)
    {
        foreach (var prefix in new[] { "Npgsql", "Polly" }) exceptions.SupportedNamespacePrefixes.Add(prefix);
    }

    /// <summary>The grains, with their state and reminders in the data folder.</summary>
    public static void UseEmbedded(this ISiloBuilder silo, DataFolder folder)
    {
        silo.UseKmsCalls();
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

using System.Data.Common;
using System.Net;
using Npgsql;
using Orleans.Configuration;
using Orleans.Kms.Gateway.Cluster;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Storage;
using ClusterOptions = Orleans.Kms.Gateway.Cluster.ClusterOptions;

namespace Orleans.Kms.Silo.Cluster;

/// <summary>How a silo of a cluster is put together: members, grain state, reminders, index and trail in one database on PostgreSQL.</summary>
internal static class ClusterSetup
{
    // A silo that was killed is known to be dead in 3 to 4 s, one that hangs in some 15 s; one that gets no processor for two seconds, or a network that loses packets as long, kills nobody.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private const int MissedProbes = 3;
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    // Rows of dead silos are of no use for longer than somebody may want to look at them.
    private static readonly TimeSpan DeadAreKept = TimeSpan.FromDays(1);

    /// <summary>A member of the cluster, with the grains.</summary>
    public static void UseCluster(this ISiloBuilder silo, Settings settings, PostgresDatabase database, ClusterTls tls)
    {
        silo.UseMembers(settings, database);
        silo.UseTls(tls);
        silo.Services.AddSingleton(services => database.SourceOf(settings.Cluster.Id, services.GetRequiredService<ILocalSiloDetails>().SiloAddress));
        silo.Services.AddSingleton<DbDataSource>(services => services.GetRequiredService<NpgsqlDataSource>());
        silo.Services.AddSingleton<MemberFence>().AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<MemberFence>());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, NewestServiceKey>();
        silo.Services.AddSingleton(services => new TrailDatabase(services.GetRequiredService<NpgsqlDataSource>(), File: null, services.GetRequiredService<MemberFence>()));
        silo.UseAdoNetReminderService(reminders => reminders.Configure<NpgsqlDataSource>((options, source) => (options.Invariant, options.DataSource) = (PostgresDatabase.Invariant, source)));
        silo.AddAdoNetGrainStorage(StorageNames.Grains, storage => storage.Configure<NpgsqlDataSource>((options, source) =>
            (options.Invariant, options.DataSource, options.GrainStorageSerializer) = (PostgresDatabase.Invariant, source, new RecordSerializer())));
        silo.UseKmsCalls();
        silo.AddKmsGrains();
    }

    private static void UseMembers(this ISiloBuilder silo, Settings settings, PostgresDatabase database)
    {
        var (cluster, ports) = (settings.Cluster, settings.Orleans);
        silo.Configure<Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Id, ClusterOptions.ServiceId));
        silo.Configure<SiloOptions>(options => options.SiloName = cluster.SiloName);
        silo.Configure<EndpointOptions>(options =>
        {
            (options.SiloPort, options.GatewayPort) = (ports.SiloPort, ports.GatewayPort);
            if (cluster.Kubernetes) return;
            var address = IPAddress.Parse(cluster.Address);
            options.AdvertisedIPAddress = address;
            (options.SiloListeningEndpoint, options.GatewayListeningEndpoint) = (new(address, ports.SiloPort), new(address, ports.GatewayPort));
        });
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresDatabase.Invariant, database.Source()));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            (options.ProbeTimeout, options.NumMissedProbesLimit, options.TableRefreshTimeout, options.IAmAliveTablePublishTimeout) = (ProbeTimeout, MissedProbes, TableRefresh, TableRefresh);
            options.DefunctSiloExpiration = DeadAreKept;
        });
        if (cluster.Kubernetes) silo.UseKubernetesHosting();
#pragma warning disable ORLEANSEXP003 // See the decision on fencing: the usual directory may know two activations of one grain while members change.
        silo.AddDistributedGrainDirectory();
        // It would hold the keys of a silo that died for as long as that may take to find out. The fence does not need it to.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
#pragma warning restore ORLEANSEXP003
    }

    private static void UseTls(this ISiloBuilder silo, ClusterTls tls) => silo.Configure<SiloConnectionOptions>(connections =>
    {
        connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(tls.FromSilo()));
        connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(tls.FromClient()));
        connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(tls.ToSilo()));
    });
}

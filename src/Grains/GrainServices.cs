using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Delivery;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Grains.Trail.Reading;

namespace Orleans.Kms.Grains;

/// <summary>What the grains need of a silo.</summary>
internal static class GrainServices
{
    /// <summary>
    /// Adds the call filter and the grains' services. The silo adds what differs between shapes: <see cref="ServiceKey"/> if there is a token, <see cref="Sealing.ServiceSeal"/>, <see cref="TokenCapabilities"/>, <see cref="ClusterSecret"/>, the
    /// <see cref="System.Data.Common.DbDataSource"/>, the <see cref="TrailDatabase"/>, grain storage named <see cref="StorageNames.Grains"/> and reminders.
    /// </summary>
    public static ISiloBuilder AddKmsGrains(this ISiloBuilder silo)
    {
        silo.AddIncomingGrainCallFilter<CallFilter>();
        silo.AddGrainService<RightsService>();
        silo.AddGrainService<RateService>();
        silo.Services
            .AddSingleton<SiloPass>()
            .AddSingleton<IExternalScopeProvider, RequestLogScope>()
            .AddSingleton<CallerTokenSeal>()
            .AddSingleton<EventMaker>()
            .AddSingleton<CallRecorder>()
            .AddSingleton<Changes>()
            .AddSingleton<ChangingTables>()
            .AddSingleton<SecurityTokenSeal>()
            .AddSingleton<AccessKeyUses>()
            .AddSingleton<FailedSources>()
            .AddSingleton<Authorization>()
            .AddSingleton<Ram.AssumptionRate>()
            .AddSingleton<RateMetrics>()
            .AddSingleton<RateLimits>()
            .AddSingleton<RateServices>()
            .AddHostedService<RateExchange>()
            .AddSingleton<RightsCache>()
            .AddSingleton<RightsServices>()
            .AddSingleton<RightsNotice>()
            .AddSingleton<HsmWorkers>()
            .AddSingleton<HsmMetrics>()
            .AddSingleton<StoredMaterial>()
            .AddSingleton<BatchWriter>()
            .AddSingleton<MemberCheck>()
            .AddSingleton<TrailMetrics>()
            .AddSingleton<TrailWriter>()
            .AddSingleton<TrailReader>()
            .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TrailPause>()
            .AddSingleton<KeyIndex>()
            .AddSingleton<TagIndex>()
            .AddSingleton<AliasIndex>()
            .AddSingleton<TouchedRows>()
            .AddSingleton<AliasLister>()
            .AddSingleton<Wakeups>()
            .AddSingleton<KeyMetrics>()
            .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloMetrics>()
            .AddSingleton<MaterialImport>()
            .AddSingleton<WrappingPairs>()
            .AddHostedService(services => services.GetRequiredService<WrappingPairs>())
            .AddSingleton<IntentRecovery>()
            .AddHostedService(services => services.GetRequiredService<IntentRecovery>())
            .AddSingleton<ChainEnds>()
            .AddSingleton<NextTokenSeal>()
            .AddSingleton<TrailBuckets>()
            .AddSingleton<DeliveryMetrics>()
            .AddHostedService<DeliverySweep>()
            .AddHostedService<IndexRepair>()
            .AddHostedService<DueSweep>()
            .AddHostedService<TrailRetention>()
            .AddTrailProof();
        return silo;
    }
}

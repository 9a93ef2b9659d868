using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>What makes the trail provable.</summary>
internal static class ProofServices
{
    /// <summary>Adds it. The silo adds <see cref="TrailAnchors"/> and <see cref="KeptAnchors"/>, which differ between shapes.</summary>
    public static IServiceCollection AddTrailProof(this IServiceCollection services) => services
        .AddSingleton<CheckpointTable>()
        .AddSingleton<TrailSigner>()
        .AddSingleton<ProofMetrics>()
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LossReport>()
        .AddHostedService<Checkpointing>();
}

using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>What <see cref="EmbeddedSetup"/> found or made.</summary>
/// <param name="ServiceKey">Seals what the service stores, in the token; null without a token.</param>
/// <param name="ClusterSecret">What silos know each other by.</param>
/// <param name="Token">What all tokens that are there can do.</param>
/// <param name="AbsentTokens">Why each of the others does not serve.</param>
/// <param name="Seal">Seals what the service stores where there is no token; null with one.</param>
internal sealed record Prepared(ServiceKey? ServiceKey, ClusterSecret ClusterSecret, TokenCapabilities Token, IReadOnlyList<string> AbsentTokens, InProcessSeal? Seal = null)
{
    /// <summary>Registers it for the grains.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(ClusterSecret).AddSingleton(Token);
        if (ServiceKey is not null) services.AddSingleton(ServiceKey).AddSingleton<ServiceSeal, TokenSeal>();
        // By a function: so the container disposes of it.
        if (Seal is not null) services.AddSingleton<ServiceSeal>(_ => Seal);
    }
}

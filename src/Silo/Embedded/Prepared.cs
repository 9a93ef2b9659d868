using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>What <see cref="EmbeddedSetup"/> found or made.</summary>
/// <param name="ServiceKey">Seals what the service stores.</param>
/// <param name="ClusterSecret">What silos know each other by.</param>
/// <param name="Token">What all tokens that are there can do.</param>
/// <param name="AbsentTokens">Why each of the others does not serve.</param>
internal sealed record Prepared(ServiceKey ServiceKey, ClusterSecret ClusterSecret, TokenCapabilities Token, IReadOnlyList<string> AbsentTokens)
{
    /// <summary>Registers it for the grains.</summary>
    public void AddTo(IServiceCollection services) => services
        .AddSingleton(ServiceKey).AddSingleton(ClusterSecret).AddSingleton(Token).AddSingleton<ServiceSeal, TokenSeal>();
}

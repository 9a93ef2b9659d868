using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>What <see cref="EmbeddedSetup"/> found or made.</summary>
internal sealed record Prepared(ServiceKey ServiceKey, ClusterSecret ClusterSecret, TokenCapabilities Token)
{
    /// <summary>Registers it for the grains.</summary>
    public void AddTo(IServiceCollection services) => services
        .AddSingleton(ServiceKey).AddSingleton(ClusterSecret).AddSingleton(Token).AddSingleton<ServiceSeal, TokenSeal>();
}

using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>What <see cref="EmbeddedSetup"/> found or made.</summary>
/// <param name="ServiceKey">Seals what the service stores, in the token; null without a token.</param>
/// <param name="ClusterSecret">What silos know each other by.</param>
/// <param name="Token">What all tokens that are there can do.</param>
/// <param name="AbsentTokens">Why each of the others does not serve.</param>
/// <param name="Anchors">What tokens or file keep of the trail.</param>
/// <param name="RootKeyFile">The root key file in a token's place; empty with a token.</param>
/// <param name="Seal">Seals what the service stores where there is no token; null with one.</param>
internal sealed record Prepared(ServiceKey? ServiceKey, ClusterSecret ClusterSecret, TokenCapabilities Token, IReadOnlyList<string> AbsentTokens, KeptAnchors Anchors, string RootKeyFile = "", InProcessSeal? Seal = null)
{
    /// <summary>Registers it for the grains.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(ClusterSecret).AddSingleton(Token).AddSingleton(Anchors);
        if (ServiceKey is not null) services.AddSingleton(ServiceKey).AddSingleton<ServiceSeal, TokenSeal>();
        if (ServiceKey is not null) services.AddGrainService<RootKeyService>().AddSingleton<RootKeyServices>();
        if (ServiceKey is not null) services.AddSingleton<TrailAnchors, TokenAnchors>();
        else services.AddSingleton<TrailAnchors>(new FileAnchors(RootKeyFile, ClusterSecret));
        // By a function: so the container disposes of it.
        if (Seal is not null) services.AddSingleton<ServiceSeal>(_ => Seal);
    }
}

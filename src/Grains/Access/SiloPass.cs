using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// Opens the service's internal grain interfaces: a secret that silos of one cluster share and that no client holds. The address of a caller in a
/// message is the caller's own word; this is not.
/// </summary>
internal sealed class SiloPass(ClusterSecret secret)
{
    private const string ContextKey = "kms.silo";
    private readonly SiloPassToken _token = new(secret.Derive("silo-pass"));

    /// <summary>Attaches the pass to the grain calls that this asynchronous flow makes from now on.</summary>
    public void Attach()
    {
        if (!ReferenceEquals(RequestContext.Get(ContextKey), _token)) RequestContext.Set(ContextKey, _token);
    }

    /// <summary>Whether the current call carries the pass.</summary>
    public bool IsPresent() =>
        RequestContext.Get(ContextKey) is SiloPassToken token
        && (ReferenceEquals(token, _token) || CryptographicOperations.FixedTimeEquals(token.Secret, _token.Secret));
}

/// <summary>What travels with a call.</summary>
/// <param name="Secret">32 bytes.</param>
[GenerateSerializer, Immutable, Alias("kms.silo-pass")]
internal sealed record SiloPassToken([property: Id(0)] byte[] Secret)
{
    public override string ToString() => nameof(SiloPassToken);
}

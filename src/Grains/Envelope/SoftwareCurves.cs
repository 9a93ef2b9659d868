using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>The curves that ECDSA runs on.</summary>
internal static class SoftwareCurves
{
    private static readonly ECCurve P256K = ECCurve.CreateFromValue(PublicKeyInfo.P256KOid);

    /// <summary>The curve of EC_P256 or EC_P256K.</summary>
    public static ECCurve Curve(this KeySpec spec) => spec switch
    {
        KeySpec.EcP256 => ECCurve.NamedCurves.nistP256,
        KeySpec.EcP256K => P256K,
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };
}

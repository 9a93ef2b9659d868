using System.Security.Cryptography;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.X509;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>A new key pair of protection level SOFTWARE. Whoever holds it wipes the private key.</summary>
internal readonly struct SoftwareKeyPair
{
    /// <summary>The private key as PKCS#8 in DER.</summary>
    public required byte[] Pkcs8 { get; init; }

    /// <summary>The public key as SubjectPublicKeyInfo in DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Makes a pair.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.Throttled"/>: too many are being made.</exception>
    public static async Task<SoftwareKeyPair> Generate(KeySpec spec)
    {
        if (spec == KeySpec.EcSm2) return Sm2Pair();
        return spec.IsRsa() ? await CoreShare.MakeKeyPair(() => RsaPair(spec)) : EcPair(spec);
    }

    private static SoftwareKeyPair RsaPair(KeySpec spec)
    {
        using var rsa = RSA.Create(spec.ModulusBytes() * 8);
        return new() { Pkcs8 = rsa.ExportPkcs8PrivateKey(), PublicKey = rsa.ExportSubjectPublicKeyInfo() };
    }

    private static SoftwareKeyPair EcPair(KeySpec spec)
    {
        using var ec = ECDsa.Create(spec.Curve());
        return new() { Pkcs8 = ec.ExportPkcs8PrivateKey(), PublicKey = ec.ExportSubjectPublicKeyInfo() };
    }

    private static SoftwareKeyPair Sm2Pair()
    {
        var pair = Sm2.Generate();
        return new()
        {
            Pkcs8 = PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetDerEncoded(),
            PublicKey = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded(),
        };
    }
}

using System.Security.Cryptography;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.X509;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>A new key pair of protection level SOFTWARE. Whoever holds it wipes the private key.</summary>
internal readonly struct SoftwareKeyPair
{
    private const int WaitSeconds = 20;

    // An RSA pair takes a core for up to seconds: more of them at a time than cores would only hold up everything else.
    private static readonly SemaphoreSlim Makers = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>The private key as PKCS#8 in DER.</summary>
    public required byte[] Pkcs8 { get; init; }

    /// <summary>The public key as SubjectPublicKeyInfo in DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Makes a pair; an RSA pair on a thread of its own, because it takes up to seconds.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.Throttled"/>: too many are being made.</exception>
    public static async Task<SoftwareKeyPair> Generate(KeySpec spec)
    {
        if (spec == KeySpec.EcSm2) return Sm2Pair();
        if (!spec.IsRsa()) return EcPair(spec);
        if (!await Makers.WaitAsync(TimeSpan.FromSeconds(WaitSeconds))) throw new KmsException(KmsErrorCode.Throttled);
        // The default scheduler, not the current one: that is the grain's.
        try { return await Task.Factory.StartNew(() => RsaPair(spec), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default); }
        finally { Makers.Release(); }
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

using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// SM2 (GB/T 32918) on its recommended curve. Signatures are over a digest SM3(Z, M) that the caller worked out: where the library hashes the identity and the
/// message, it is given that digest instead.
/// </summary>
internal static class Sm2
{
    private const byte UncompressedPoint = 4;

    /// <summary>The curve, under its name: keys then name it too.</summary>
    public static ECNamedDomainParameters Curve { get; } = new(PublicKeyInfo.Sm2Curve, CustomNamedCurves.GetByOid(PublicKeyInfo.Sm2Curve));

    // The operating system's generator. The library's own one would be seeded from it only now and then.
    private static readonly SecureRandom Random = new(new CryptoApiRandomGenerator());

    public static AsymmetricCipherKeyPair Generate()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(Curve, Random));
        return generator.GenerateKeyPair();
    }

    /// <summary>Gives r and s as a DER sequence.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="digest">32 bytes.</param>
    /// <param name="random">Where the nonce comes from; null but for tests with published nonces.</param>
    public static byte[] Sign(ECPrivateKeyParameters key, byte[] digest, SecureRandom? random = null)
    {
        var signer = new SM2Signer(StandardDsaEncoding.Instance, new FixedDigest(digest));
        signer.Init(true, new ParametersWithRandom(key, random ?? Random));
        return signer.GenerateSignature();
    }

    /// <summary>Whether <paramref name="signature"/> is a DER sequence of the right r and s.</summary>
    public static bool Verify(ECPublicKeyParameters key, byte[] digest, byte[] signature)
    {
        var signer = new SM2Signer(StandardDsaEncoding.Instance, new FixedDigest(digest));
        signer.Init(false, key);
        return signer.VerifySignature(signature);
    }

    /// <summary>Gives C1, C3, C2: the point as 65 bytes, the SM3 hash, the data.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="plaintext">At least one byte: with none the library would look for a nonce for ever.</param>
    /// <param name="random">As for <see cref="Sign"/>.</param>
    public static byte[] Encrypt(ECPublicKeyParameters key, byte[] plaintext, SecureRandom? random = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plaintext.Length);
        var engine = new SM2Engine(new SM3Digest(), SM2Engine.Mode.C1C3C2);
        engine.Init(true, new ParametersWithRandom(key, random ?? Random));
        return engine.ProcessBlock(plaintext, 0, plaintext.Length);
    }

    /// <summary>The plaintext, or null if the data is not genuine.</summary>
    public static byte[]? TryDecrypt(ECPrivateKeyParameters key, byte[] ciphertext)
    {
        // The library also takes other forms of the point.
        if (ciphertext[0] != UncompressedPoint) return null;
        var engine = new SM2Engine(new SM3Digest(), SM2Engine.Mode.C1C3C2);
        engine.Init(false, key);
        try { return engine.ProcessBlock(ciphertext, 0, ciphertext.Length); }
        catch (InvalidCipherTextException) { return null; }
        // A point that is not on the curve.
        catch (ArgumentException) { return null; }
    }
}

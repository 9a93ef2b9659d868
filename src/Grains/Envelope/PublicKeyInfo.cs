using System.Formats.Asn1;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto.EC;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// Reads a SubjectPublicKeyInfo (RFC 5280, RFC 3279, RFC 5480) more strictly than libraries do, which import what merely looks like a key: callers send keys
/// that secrets are then encrypted to.
/// </summary>
internal static class PublicKeyInfo
{
    /// <summary>The object identifier of secp256k1.</summary>
    public const string P256KOid = "1.3.132.0.10";

    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EcOid = "1.2.840.10045.2.1";
    private const string P256Oid = "1.2.840.10045.3.1.7";
    private const int PointBytes = 65;

    // OpenSSL refuses longer ones with moduli of more than 3072 bits, and each bit costs every user of the key time.
    private const int MaxExponentBits = 64;

    /// <summary>The object identifier of SM2's recommended curve.</summary>
    public static DerObjectIdentifier Sm2Curve => GMObjectIdentifiers.sm2p256v1;

    /// <summary>Whether <paramref name="spki"/> is a valid public key of exactly that spec and nothing else.</summary>
    public static bool IsValid(KeySpec spec, byte[] spki)
    {
        try { return spec.IsRsa() ? IsRsa(spki, spec.ModulusBytes() * 8) : IsPoint(spec, Point(spec, spki)); }
        catch (AsnContentException) { return false; }
    }

    /// <summary>The point of an EC key, uncompressed.</summary>
    /// <exception cref="AsnContentException">No key on the spec's curve.</exception>
    public static byte[] Point(KeySpec spec, byte[] spki)
    {
        var key = Key(spki, EcOid, parameters =>
        {
            if (parameters.ReadObjectIdentifier() != CurveOid(spec)) throw new AsnContentException("Another curve.");
        });
        return key.Length == PointBytes && key[0] == 4 ? key : throw new AsnContentException("No uncompressed point.");
    }

    private static bool IsRsa(byte[] spki, int bits)
    {
        var reader = new AsnReader(Key(spki, RsaOid, parameters => parameters.ReadNull()), AsnEncodingRules.DER);
        var numbers = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var (modulus, exponent) = (numbers.ReadInteger(), numbers.ReadInteger());
        numbers.ThrowIfNotEmpty();
        return modulus.Sign > 0 && modulus.GetBitLength() == bits && !modulus.IsEven
            && exponent >= 3 && !exponent.IsEven && exponent.GetBitLength() <= MaxExponentBits;
    }

    private static bool IsPoint(KeySpec spec, byte[] point)
    {
        try { return CustomNamedCurves.GetByOid(new DerObjectIdentifier(CurveOid(spec))).Curve.DecodePoint(point).IsValid(); }
        catch (ArgumentException) { return false; }
    }

    private static string CurveOid(KeySpec spec) => spec switch
    {
        KeySpec.EcP256 => P256Oid,
        KeySpec.EcP256K => P256KOid,
        KeySpec.EcSm2 => Sm2Curve.Id,
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    private static byte[] Key(byte[] spki, string algorithm, Action<AsnReader> readParameters)
    {
        var reader = new AsnReader(spki, AsnEncodingRules.DER);
        var info = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var identifier = info.ReadSequence();
        if (identifier.ReadObjectIdentifier() != algorithm) throw new AsnContentException("Another kind of key.");
        readParameters(identifier);
        identifier.ThrowIfNotEmpty();
        var key = info.ReadBitString(out var unusedBits);
        info.ThrowIfNotEmpty();
        return unusedBits == 0 ? key : throw new AsnContentException("Not whole bytes.");
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>How PKCS#11 writes curves, points and signatures.</summary>
internal static class EcPoint
{
    private const int CoordinateBytes = 32;
    private const byte Uncompressed = 4;

    /// <summary>CKA_EC_PARAMS: the curve's object identifier in DER.</summary>
    public static byte[] Parameters(KeySpec spec)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(spec switch
        {
            KeySpec.EcP256 => "1.2.840.10045.3.1.7",
            KeySpec.EcP256K => "1.3.132.0.10",
            _ => throw new ArgumentOutOfRangeException(nameof(spec)),
        });
        return writer.Encode();
    }

    /// <summary>Reads CKA_EC_POINT: a DER octet string with the uncompressed point.</summary>
    /// <exception cref="AsnContentException">It is something else.</exception>
    public static ECPoint Read(byte[] attribute)
    {
        var point = AsnDecoder.ReadOctetString(attribute, AsnEncodingRules.DER, out var read);
        if (read != attribute.Length || point.Length != 1 + (2 * CoordinateBytes) || point[0] != Uncompressed) throw new AsnContentException("No uncompressed point.");
        return new() { X = point[1..(1 + CoordinateBytes)], Y = point[(1 + CoordinateBytes)..] };
    }

    /// <summary>Turns r and s, 32 bytes each as CKM_ECDSA gives them, into a DER sequence.</summary>
    public static byte[] Signature(ReadOnlySpan<byte> rs)
    {
        if (rs.Length != 2 * CoordinateBytes) throw new InvalidDataException("The token's ECDSA signature has another length.");
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trimmed(rs[..CoordinateBytes]));
            writer.WriteIntegerUnsigned(Trimmed(rs[CoordinateBytes..]));
        }
        return writer.Encode();
    }

    // DER has no leading zeros; the writer adds the one that keeps a number positive.
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> number) => number.TrimStart((byte)0) is { Length: > 0 } digits ? digits : number[^1..];
}

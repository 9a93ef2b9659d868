using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>
/// Makes and opens the tokens that pages of events go on with. A token tells nothing, since numbers of blocks tell of other accounts' calls, and goes with its query only: AES-256-GCM under a
/// key of its own, which HKDF-SHA256 derives from the cluster's secret and the token's salt, with the query as associated data. Layout, in Base64Url: format (1 byte), salt (33), ciphertext of
/// window and place (40), tag (16).
/// </summary>
internal sealed class NextTokenSeal(ClusterSecret secret)
{
    private const byte Format = 1;
    // So that the whole has a length of which Base64 uses every bit.
    private const int SaltLength = 33;
    private const int PlaceLength = 40;
    private const int TagLength = 16;
    private const int Length = 1 + SaltLength + PlaceLength + TagLength;

    private static readonly byte[] NoIv = new byte[12];

    private readonly byte[] _key = secret.Derive("next-token");

    /// <summary>The token of the page behind a place.</summary>
    public string Seal(Lookup lookup, LookupWindow window, TrailCursor after)
    {
        Span<byte> token = stackalloc byte[Length];
        token[0] = Format;
        var salt = token.Slice(1, SaltLength);
        RandomNumberGenerator.Fill(salt);
        Span<byte> place = stackalloc byte[PlaceLength];
        BinaryPrimitives.WriteInt64BigEndian(place, window.Start.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(place[8..], window.End.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(place[16..], after.Time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32BigEndian(place[24..], after.Chain);
        BinaryPrimitives.WriteInt64BigEndian(place[28..], after.Number);
        BinaryPrimitives.WriteInt32BigEndian(place[36..], after.Position);
        using var aes = Cipher(salt);
        aes.Encrypt(NoIv, place, token.Slice(1 + SaltLength, PlaceLength), token[^TagLength..], lookup.Binding());
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Opens a token.</summary>
    /// <exception cref="KmsException"><c>InvalidParameter.NextToken</c>: it is not genuine, or another query's.</exception>
    public (LookupWindow Window, TrailCursor After) Open(Lookup lookup, string text)
    {
        Span<byte> token = stackalloc byte[Length];
        // Decoded where the text has exactly the length: what is behind the end of it would not be authenticated.
        if (text.Length != Base64Url.GetEncodedLength(Length)) throw TrailErrors.InvalidNextToken();
        if (!Base64Url.TryDecodeFromChars(text, token, out var length) || length != Length || token[0] != Format) throw TrailErrors.InvalidNextToken();
        Span<byte> place = stackalloc byte[PlaceLength];
        try
        {
            using var aes = Cipher(token.Slice(1, SaltLength));
            aes.Decrypt(NoIv, token.Slice(1 + SaltLength, PlaceLength), token[^TagLength..], place, lookup.Binding());
        }
        catch (AuthenticationTagMismatchException) { throw TrailErrors.InvalidNextToken(); }
        return (
            new(DateTimeOffset.FromUnixTimeSeconds(Number(place)), DateTimeOffset.FromUnixTimeSeconds(Number(place[8..]))),
            new(DateTimeOffset.FromUnixTimeMilliseconds(Number(place[16..])), BinaryPrimitives.ReadInt32BigEndian(place[24..]), Number(place[28..]),
                BinaryPrimitives.ReadInt32BigEndian(place[36..])));
    }

    private static long Number(ReadOnlySpan<byte> place) => BinaryPrimitives.ReadInt64BigEndian(place);

    private AesGcm Cipher(ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[32];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, "kms/1/next-token"u8);
            return new(key, TagLength);
        }
        finally { CryptographicOperations.ZeroMemory(key); }
    }
}

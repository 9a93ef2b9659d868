using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Grains.Trail;

/// <summary>A nonce that an access key has used, in a short form that tells nothing of it.</summary>
/// <param name="Hash">128 bits of SHA-256 over access key id and nonce.</param>
/// <param name="ExpiresAt">From when on a request with this nonce is refused for its date alone (UTC, whole seconds).</param>
[GenerateSerializer, Immutable, Alias("kms.used-nonce")]
internal readonly record struct UsedNonce([property: Id(0)] UInt128 Hash, [property: Id(1)] DateTimeOffset ExpiresAt)
{
    private const int MaxBytes = 256;

    /// <summary>The short form of a nonce.</summary>
    public static UInt128 HashOf(string accessKeyId, string nonce)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[MaxBytes];
        var length = Encoding.UTF8.GetByteCount(accessKeyId) + 1 + Encoding.UTF8.GetByteCount(nonce);
        if (length > MaxBytes) text = new byte[length];
        var used = Encoding.UTF8.GetBytes(accessKeyId, text);
        text[used++] = (byte)'\n';
        SHA256.HashData(text[..(used + Encoding.UTF8.GetBytes(nonce, text[used..]))], digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}

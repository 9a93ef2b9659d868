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
    /// <summary>The short form of a nonce.</summary>
    public static UInt128 HashOf(string accessKeyId, string nonce)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{accessKeyId}\n{nonce}"), digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}

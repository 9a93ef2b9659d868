namespace Orleans.Kms.Keys;

/// <summary>
/// The layout of a ciphertext blob, format 1. Callers treat it as opaque; the service finds key and version in it.
/// <code>
/// offset  bytes
///      0      1  format, 1
///      1      1  algorithm, see <see cref="BlobAlgorithm"/>
///      2     16  key id, UUID in network byte order
///     18     16  key version id, UUID in network byte order
///     34     12  IV
///     46      n  ciphertext, as long as the plaintext
///   46+n     16  tag
/// </code>
/// The first 46 bytes and the canonical encryption context are the additional authenticated data, in this order: no bit of a blob can change.
/// </summary>
public static class CiphertextBlob
{
    /// <summary>The length of everything in front of the ciphertext.</summary>
    public const int HeaderLength = 46;

    /// <summary>The length of the IV.</summary>
    public const int IvLength = 12;

    /// <summary>The length of the tag.</summary>
    public const int TagLength = 16;

    /// <summary>What a blob is longer than its plaintext.</summary>
    public const int Overhead = HeaderLength + TagLength;

    /// <summary>The longest blob that the service makes.</summary>
    public const int MaxLength = CryptoLimits.MaxPlaintextBytes + Overhead;

    private const byte Format = 1;
    private const int AlgorithmOffset = 1;
    private const int KeyIdOffset = 2;
    private const int KeyVersionIdOffset = 18;
    private const int IvOffset = 34;

    /// <summary>Writes the header of a new blob.</summary>
    public static void WriteHeader(Span<byte> blob, BlobAlgorithm algorithm, Guid keyId, Guid keyVersionId, ReadOnlySpan<byte> iv)
    {
        if (iv.Length != IvLength) throw new ArgumentException($"An IV has {IvLength} bytes.", nameof(iv));
        blob[0] = Format;
        blob[AlgorithmOffset] = (byte)algorithm;
        keyId.TryWriteBytes(blob[KeyIdOffset..], bigEndian: true, out _);
        keyVersionId.TryWriteBytes(blob[KeyVersionIdOffset..], bigEndian: true, out _);
        iv.CopyTo(blob[IvOffset..]);
    }

    /// <summary>Reads key and version from a blob. True says that it has the form of a blob, not that it is genuine.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> blob, out Guid keyId, out Guid keyVersionId)
    {
        keyId = keyVersionId = default;
        if (blob.Length is <= Overhead or > MaxLength || blob[0] != Format) return false;
        if (Algorithm(blob) is not (BlobAlgorithm.Aes256Gcm or BlobAlgorithm.Sm4Gcm)) return false;
        keyId = new Guid(blob.Slice(KeyIdOffset, 16), bigEndian: true);
        keyVersionId = new Guid(blob.Slice(KeyVersionIdOffset, 16), bigEndian: true);
        return true;
    }

    /// <summary>The header of a blob.</summary>
    public static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> blob) => blob[..HeaderLength];

    /// <summary>What a blob was sealed with.</summary>
    public static BlobAlgorithm Algorithm(ReadOnlySpan<byte> blob) => (BlobAlgorithm)blob[AlgorithmOffset];

    /// <summary>The IV of a blob.</summary>
    public static ReadOnlySpan<byte> Iv(ReadOnlySpan<byte> blob) => blob.Slice(IvOffset, IvLength);
}

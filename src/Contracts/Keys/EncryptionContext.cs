using System.Buffers.Binary;
using System.Text;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>
/// Key and value pairs that a ciphertext is bound to. Authenticated, not stored and not secret: decryption must present an equal context.
/// Two contexts are equal if they hold the same pairs, in whatever order they were given; none and an empty one are equal.
/// </summary>
[GenerateSerializer, Immutable, Alias("kms.encryption-context")]
public sealed class EncryptionContext
{
    /// <summary>The longest context, counted in characters of its JSON text.</summary>
    public const int MaxJsonLength = 8192;

    /// <summary>The context without pairs.</summary>
    public static readonly EncryptionContext Empty = new([]);

    // Sorted by key in ordinal order; no key twice.
    [Id(0)]
    private readonly KeyValuePair<string, string>[] _pairs;

    private EncryptionContext(KeyValuePair<string, string>[] pairs) => _pairs = pairs;

    /// <summary>The pairs, sorted by key in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>A context of <paramref name="pairs"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: a key comes twice, or all together are too long.</exception>
    public static EncryptionContext Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = pairs.ToArray();
        if (sorted.Length == 0) return Empty;
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var length = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i].Key == sorted[i - 1].Key) throw KmsException.InvalidParameter("EncryptionContext");
            length += sorted[i].Key.Length + sorted[i].Value.Length;
        }
        return length <= MaxJsonLength ? new(sorted) : throw KmsException.InvalidParameter("EncryptionContext");
    }

    /// <summary>The length of the canonical form, in bytes; zero for the empty context.</summary>
    public int CanonicalLength
    {
        get
        {
            var length = 0;
            foreach (var (key, value) in _pairs) length += 8 + Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
            return length;
        }
    }

    /// <summary>
    /// Writes the canonical form: for each pair, in order, key and value as UTF-8, each after its length in bytes (4 bytes, big-endian).
    /// Lengths in front make it impossible for two different contexts to have one form.
    /// </summary>
    /// <param name="destination">Exactly <see cref="CanonicalLength"/> bytes.</param>
    public void WriteCanonical(Span<byte> destination)
    {
        foreach (var (key, value) in _pairs)
        {
            destination = WriteText(WriteText(destination, key), value);
        }
    }

    private static Span<byte> WriteText(Span<byte> destination, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[4..]);
        BinaryPrimitives.WriteInt32BigEndian(destination, length);
        return destination[(4 + length)..];
    }
}

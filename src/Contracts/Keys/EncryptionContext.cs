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
    /// <summary>The longest context, counted in characters of its JSON text; of the shortest one where the context did not come as JSON.</summary>
    public const int MaxJsonLength = 8192;

    // Two braces, less the comma that the last pair does not have.
    private const int JsonFrame = 2 - 1;

    // Four quotation marks, colon and comma.
    private const int JsonFramePerPair = 6;

    /// <summary>The context without pairs.</summary>
    public static readonly EncryptionContext Empty = new([]);

    // Sorted by key in ordinal order; no key twice.
    [Id(0)]
    private readonly KeyValuePair<string, string>[] _pairs;

    private EncryptionContext(KeyValuePair<string, string>[] pairs) => _pairs = pairs;

    /// <summary>The pairs, sorted by key in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>A context of <paramref name="pairs"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: see <see cref="Checked"/>.</exception>
    public static EncryptionContext Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = pairs.ToArray();
        if (sorted.Length == 0) return Empty;
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new EncryptionContext(sorted).Checked();
    }

    /// <summary>Checks a context that came from another process.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: a key comes twice, a text is no Unicode, or all together are too long.</exception>
    public EncryptionContext Checked()
    {
        var jsonLength = JsonFrame;
        for (var i = 0; i < _pairs.Length; i++)
        {
            var (key, value) = _pairs[i];
            if (i > 0 && string.CompareOrdinal(_pairs[i - 1].Key, key) >= 0) throw Invalid();
            jsonLength += JsonFramePerPair + JsonLength(key) + JsonLength(value);
            if (jsonLength > MaxJsonLength || !IsUnicode(key) || !IsUnicode(value)) throw Invalid();
        }
        return this;
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

    // What has to be escaped takes two characters if it has a short escape, otherwise six.
    private static int JsonLength(string text)
    {
        var length = text.Length;
        foreach (var c in text)
        {
            if (c is '"' or '\\' or '\b' or '\f' or '\n' or '\r' or '\t') length++;
            else if (c < ' ') length += 5;
        }
        return length;
    }

    // Half a surrogate pair would be written as a replacement character, and two contexts would be equal.
    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }

    private static KmsException Invalid() => KmsException.InvalidParameter("EncryptionContext");

    private static Span<byte> WriteText(Span<byte> destination, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[4..]);
        BinaryPrimitives.WriteInt32BigEndian(destination, length);
        return destination[(4 + length)..];
    }
}

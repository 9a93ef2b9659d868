using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Import;

/// <summary>
/// What is inside the seal of an import token, so that no state is kept for it: how, where and until when material is unwrapped, and the private key. The seal binds it to its CMK.
/// <code>
/// offset  bytes
///      0      1  format, 1
///      1      1  algorithm, see <see cref="WrappingAlgorithm"/>
///      2      1  place, see <see cref="UnwrappingPlace"/>
///      3      8  end in Unix seconds, big-endian
///     11      n  private key, see <see cref="WrappingPair"/>
/// </code>
/// </summary>
/// <param name="Algorithm">How the material is encrypted.</param>
/// <param name="Place">Where it is unwrapped.</param>
/// <param name="ExpiresAt">Until when the token is taken (UTC).</param>
/// <param name="PrivateKey">The receiver wipes it.</param>
internal sealed record ImportToken(WrappingAlgorithm Algorithm, UnwrappingPlace Place, DateTimeOffset ExpiresAt, byte[] PrivateKey) : IDisposable
{
    private const byte Format = 1;
    private const int ExpiryOffset = 3;
    private const int HeaderLength = 11;

    /// <summary>What a seal is bound to: a token is for one CMK.</summary>
    public static byte[] Binding(string grainKey) => Encoding.UTF8.GetBytes($"kms.import-token/1/{grainKey}");

    /// <summary>When a token ends that is made now.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset now) => DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddHours(ImportParameters.TokenHours);

    /// <summary>Reads what was sealed, and takes it: it is wiped.</summary>
    /// <exception cref="InvalidDataException">It is no such content.</exception>
    public static ImportToken Read(byte[] content)
    {
        try
        {
            if (content.Length <= HeaderLength || content[0] != Format) throw new InvalidDataException("A sealed import token has another format.");
            return new(
                (WrappingAlgorithm)content[1], (UnwrappingPlace)content[2],
                DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(ExpiryOffset))), content[HeaderLength..]);
        }
        finally { CryptographicOperations.ZeroMemory(content); }
    }

    /// <summary>Whether it is too old.</summary>
    public bool IsOver(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>What is sealed. The caller wipes it.</summary>
    public byte[] Write()
    {
        var content = new byte[HeaderLength + PrivateKey.Length];
        (content[0], content[1], content[2]) = (Format, (byte)Algorithm, (byte)Place);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(ExpiryOffset), ExpiresAt.ToUnixTimeSeconds());
        PrivateKey.CopyTo(content, HeaderLength);
        return content;
    }

    /// <summary>Wipes the private key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(PrivateKey);

    /// <summary>The type only: a record would print the private key's property.</summary>
    public override string ToString() => nameof(ImportToken);
}

using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>The material of one key version, ready for use; makes and opens ciphertext blobs. Not thread safe: it belongs to a key grain.</summary>
internal abstract class KeyMaterial(Guid keyId, Guid keyVersionId) : IDisposable
{
    private readonly IvSequence _ivs = new();

    /// <summary>The version that this is the material of.</summary>
    public Guid KeyVersionId { get; } = keyVersionId;

    /// <summary>Encrypts <paramref name="plaintext"/> into a new blob.</summary>
    public ValueTask<byte[]> Encrypt(byte[] plaintext, EncryptionContext context)
    {
        Span<byte> iv = stackalloc byte[CiphertextBlob.IvLength];
        _ivs.Next(iv);
        var blob = new byte[plaintext.Length + CiphertextBlob.Overhead];
        CiphertextBlob.WriteHeader(blob, keyId, KeyVersionId, iv);
        return Fill(blob, plaintext, context);
    }

    /// <summary>Opens <paramref name="blob"/>, whose header names this version.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    public abstract ValueTask<byte[]> Decrypt(byte[] blob, EncryptionContext context);

    /// <summary>Ends the use of the material and wipes what is in memory of it.</summary>
    public abstract void Dispose();

    /// <summary>Writes ciphertext and tag behind the header of <paramref name="blob"/>.</summary>
    protected abstract ValueTask<byte[]> Fill(byte[] blob, byte[] plaintext, EncryptionContext context);

    /// <summary>Writes the additional authenticated data: header, then canonical context.</summary>
    /// <param name="blob">A blob with its header.</param>
    /// <param name="context">The encryption context.</param>
    /// <param name="destination"><see cref="AadLength"/> bytes.</param>
    protected static void WriteAad(ReadOnlySpan<byte> blob, EncryptionContext context, Span<byte> destination)
    {
        CiphertextBlob.Header(blob).CopyTo(destination);
        context.WriteCanonical(destination[CiphertextBlob.HeaderLength..]);
    }

    /// <summary>The length of the additional authenticated data.</summary>
    protected static int AadLength(EncryptionContext context) => CiphertextBlob.HeaderLength + context.CanonicalLength;
}

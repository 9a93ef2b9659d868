using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>The material of one version of a symmetric CMK; makes and opens ciphertext blobs.</summary>
internal abstract class SymmetricMaterial(BlobAlgorithm algorithm, Guid keyId, Guid keyVersionId) : KeyMaterial(keyVersionId)
{
    private readonly IvSequence _ivs = new();

    /// <summary>Encrypts <paramref name="plaintext"/> into a new blob.</summary>
    public ValueTask<byte[]> Encrypt(byte[] plaintext, EncryptionContext context)
    {
        Span<byte> iv = stackalloc byte[CiphertextBlob.IvLength];
        _ivs.Next(iv);
        var blob = new byte[plaintext.Length + CiphertextBlob.Overhead];
        CiphertextBlob.WriteHeader(blob, algorithm, keyId, KeyVersionId, iv);
        return Fill(blob, plaintext, context);
    }

    /// <summary>Opens <paramref name="blob"/>, whose header names this version.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    public ValueTask<byte[]> Decrypt(byte[] blob, EncryptionContext context) =>
        CiphertextBlob.Algorithm(blob) == algorithm ? Open(blob, context) : throw KmsException.BadCiphertext();

    /// <summary>Writes ciphertext and tag behind the header of <paramref name="blob"/>.</summary>
    protected abstract ValueTask<byte[]> Fill(byte[] blob, byte[] plaintext, EncryptionContext context);

    /// <summary>Opens a blob of this material's algorithm.</summary>
    protected abstract ValueTask<byte[]> Open(byte[] blob, EncryptionContext context);

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

    /// <summary>The additional authenticated data as an array of its own.</summary>
    protected static byte[] Aad(byte[] blob, EncryptionContext context)
    {
        var aad = new byte[AadLength(context)];
        WriteAad(blob, context, aad);
        return aad;
    }
}

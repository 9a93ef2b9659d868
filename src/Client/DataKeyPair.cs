using System.Security.Cryptography;

namespace Orleans.Kms.Client;

/// <summary>A new data key, in clear and encrypted. Disposing of it wipes the clear one.</summary>
public sealed class DataKeyPair : IDisposable
{
    internal DataKeyPair(byte[] plaintext, byte[] ciphertextBlob, Guid keyVersionId)
    {
        Plaintext = plaintext;
        CiphertextBlob = ciphertextBlob;
        KeyVersionId = keyVersionId;
    }

    /// <summary>The data key's bytes. Never logged.</summary>
    public byte[] Plaintext { get; }

    /// <summary>The data key under the CMK, for <see cref="KmsKey.DecryptDataKey"/>.</summary>
    public byte[] CiphertextBlob { get; }

    /// <summary>The version of the CMK that encrypted it.</summary>
    public Guid KeyVersionId { get; }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(Plaintext);
}

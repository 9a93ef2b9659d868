using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>How a call presents a ciphertext blob of a symmetric CMK: the blob itself names the key.</summary>
internal static class BlobReference
{
    private const string Name = "CiphertextBlob";

    /// <summary>The blob, and the key that it names.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsException.BadCiphertext"/>.</exception>
    public static (Guid KeyId, byte[] Blob) Read(ActionCall call)
    {
        var blob = call.RequiredBase64(Name, CiphertextBlob.MaxLength);
        return CiphertextBlob.TryReadHeader(blob, out var keyId, out _) ? (keyId, blob) : throw KmsException.BadCiphertext();
    }

    /// <summary>Makes the absence of the key that a blob names look like any other fault of the blob: a changed bit may make it name a key that there is not, or another account's.</summary>
    public static async ValueTask<T> Hide<T>(ValueTask<T> call)
    {
        try { return await call; }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { throw e.IsRecorded ? KmsException.BadCiphertext().AsRecorded() : KmsException.BadCiphertext(); }
    }
}

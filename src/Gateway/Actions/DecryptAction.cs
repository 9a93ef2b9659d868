using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class DecryptAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.RefuseUnsupported();
        var context = EncryptionContexts.Read(call);
        var blob = Blob(call);
        if (!CiphertextBlob.TryReadHeader(blob, out var keyId, out _)) throw KmsException.BadCiphertext();
        var result = await Decrypt(KeyReference.Grain(call, keyId), blob, context);
        try
        {
            call.Response.Text("Plaintext", result.Plaintext);
            call.Response.Id("KeyId", keyId);
            call.Response.Id("KeyVersionId", result.KeyVersionId);
        }
        finally { CryptographicOperations.ZeroMemory(result.Plaintext); }
    }

    // A changed bit may make the blob name a key that there is not, or is not the caller's: that must not look different from any other changed bit.
    private static async ValueTask<DecryptResult> Decrypt(IKeyGrain key, byte[] blob, EncryptionContext context)
    {
        try { return await key.Decrypt(blob, context); }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { throw KmsException.BadCiphertext(); }
    }

    private static byte[] Blob(ActionCall call)
    {
        if (!call.Parameters.TryGet("CiphertextBlob", out var text)) throw KmsException.MissingParameter("CiphertextBlob");
        if (text.Length > Base64.GetMaxEncodedToUtf8Length(CiphertextBlob.MaxLength)) throw KmsException.BadCiphertext();
        var blob = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, blob, out _, out var written) == OperationStatus.Done ? blob[..written] : throw KmsException.BadCiphertext();
    }
}

using System.Security.Cryptography;

namespace Orleans.Kms.Gateway.Actions;

internal static class DecryptAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.RefuseRecipient();
        call.Require("CiphertextBlob");
        var context = EncryptionContexts.Read(call);
        var (keyId, blob) = BlobReference.Read(call);
        var result = await BlobReference.Hide(call.Grains.Key(call.AccountId, keyId).Decrypt(blob, context));
        try
        {
            call.Response.Text("Plaintext", result.Plaintext);
            call.Response.Id("KeyId", keyId);
            call.Response.Id("KeyVersionId", result.KeyVersionId);
        }
        finally { CryptographicOperations.ZeroMemory(result.Plaintext); }
    }
}

using System.Security.Cryptography;

namespace Orleans.Kms.Gateway.Actions;

internal static class GenerateDataKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.RefuseRecipient();
        call.Require("KeyId");
        var (length, context) = (DataKeyLength.Read(call), EncryptionContexts.Read(call));
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        var result = await call.Grains.Key(call.AccountId, keyId).GenerateDataKey(length, context);
        try
        {
            call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
            call.Response.Id("KeyId", keyId);
            call.Response.Id("KeyVersionId", result.KeyVersionId);
            call.Response.Text("Plaintext", result.Plaintext);
        }
        finally { CryptographicOperations.ZeroMemory(result.Plaintext); }
    }
}

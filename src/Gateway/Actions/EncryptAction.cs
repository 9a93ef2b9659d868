using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class EncryptAction
{
    // Plaintext should be Base64 by the documents, but is taken as it is, and Decrypt hands the same text back: programs rely on both.
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "Plaintext");
        var context = EncryptionContexts.Read(call);
        var plaintext = call.RequiredBytes("Plaintext");
        try
        {
            CryptoLimits.CheckPlaintext(plaintext);
            var keyId = await KeyReference.Read(call, acceptsAlias: true);
            var result = await call.Grains.Key(call.AccountId, keyId).Encrypt(plaintext, context);
            call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
            call.Response.Id("KeyId", keyId);
            call.Response.Id("KeyVersionId", result.KeyVersionId);
        }
        finally { CryptographicOperations.ZeroMemory(plaintext); }
    }
}

using System.Security.Cryptography;

namespace Orleans.Kms.Gateway.Actions;

internal static class AsymmetricDecryptAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "KeyVersionId", "Algorithm", "CiphertextBlob");
        var versionId = call.RequiredVersion();
        var algorithm = AlgorithmParameter.Encryption(call);
        var ciphertext = AlgorithmParameter.Ciphertext(call);
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        var result = await call.Grains.Asymmetric(call.AccountId, keyId).Decrypt(versionId, algorithm, ciphertext);
        try
        {
            call.Response.Bytes("Plaintext", result.Plaintext);
            call.Response.Id("KeyId", keyId);
            call.Response.Id("KeyVersionId", versionId);
        }
        finally { CryptographicOperations.ZeroMemory(result.Plaintext); }
    }
}

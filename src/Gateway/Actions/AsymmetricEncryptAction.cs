using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class AsymmetricEncryptAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "KeyVersionId", "Algorithm", "Plaintext");
        var versionId = call.RequiredVersion();
        var algorithm = AlgorithmParameter.Encryption(call);
        var plaintext = call.RequiredBase64("Plaintext", AsymmetricAlgorithms.MaxSm2PlaintextBytes);
        try
        {
            var keyId = await KeyReference.Read(call, acceptsAlias: true);
            call.Response.Bytes("CiphertextBlob", await call.Grains.Asymmetric(call.AccountId, keyId).Encrypt(versionId, algorithm, plaintext));
            call.Response.Id("KeyId", keyId);
            call.Response.Id("KeyVersionId", versionId);
        }
        finally { CryptographicOperations.ZeroMemory(plaintext); }
    }
}

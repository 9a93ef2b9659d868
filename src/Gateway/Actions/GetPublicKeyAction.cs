using System.Security.Cryptography;

namespace Orleans.Kms.Gateway.Actions;

internal static class GetPublicKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "KeyVersionId");
        var versionId = call.RequiredVersion();
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        var publicKey = await call.Grains.Asymmetric(call.AccountId, keyId).GetPublicKey(versionId);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", versionId);
        call.Response.Text("PublicKey", PemEncoding.WriteString("PUBLIC KEY", publicKey) + "\n");
    }
}

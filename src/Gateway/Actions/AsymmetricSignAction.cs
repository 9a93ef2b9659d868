using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class AsymmetricSignAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "KeyVersionId", "Algorithm", "Digest");
        var versionId = call.RequiredVersion();
        var algorithm = AlgorithmParameter.Signing(call);
        var digest = call.RequiredBase64("Digest", AsymmetricAlgorithms.DigestBytes);
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        call.Response.Bytes("Value", await call.Grains.Asymmetric(call.AccountId, keyId).Sign(versionId, algorithm, digest));
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", versionId);
    }
}

using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class AsymmetricVerifyAction
{
    // A signature longer than any there is does not verify; that is no fault of the request.
    private const int MaxValueBytes = 8192;

    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "KeyVersionId", "Algorithm", "Digest", "Value");
        var versionId = call.RequiredVersion();
        var algorithm = AlgorithmParameter.Signing(call);
        var digest = call.RequiredBase64("Digest", AsymmetricAlgorithms.DigestBytes);
        var signature = call.RequiredBase64("Value", MaxValueBytes);
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        call.Response.Boolean("Value", await call.Grains.Asymmetric(call.AccountId, keyId).Verify(versionId, algorithm, digest, signature));
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", versionId);
    }
}

using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class ReEncryptAction
{
    private const string SourceKeyId = "SourceKeyId";
    private const string SourceVersion = "SourceKeyVersionId";
    private const string SourceAlgorithm = "SourceEncryptionAlgorithm";

    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("CiphertextBlob", "DestinationKeyId");
        var isAsymmetric = call.Text(SourceKeyId) is not null || call.Text(SourceVersion) is not null || call.Text(SourceAlgorithm) is not null;
        if (isAsymmetric) call.Require(SourceKeyId, SourceVersion, SourceAlgorithm);
        var context = EncryptionContexts.Read(call, "DestinationEncryptionContext");
        var (keyId, result) = isAsymmetric ? await FromPublicKey(call, context) : await FromBlob(call, context);
        call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", result.KeyVersionId);
    }

    private static async ValueTask<(Guid KeyId, EncryptResult Result)> FromBlob(ActionCall call, EncryptionContext destinationContext)
    {
        var context = EncryptionContexts.Read(call, "SourceEncryptionContext");
        var (keyId, blob) = BlobReference.Read(call);
        return (keyId, await call.Grains.DataKeys(call.AccountId, keyId).ReEncrypt(blob, context, await Destination(call), destinationContext));
    }

    private static async ValueTask<(Guid KeyId, EncryptResult Result)> FromPublicKey(ActionCall call, EncryptionContext destinationContext)
    {
        var algorithm = AlgorithmParameter.Encryption(call, SourceAlgorithm);
        var ciphertext = AlgorithmParameter.Ciphertext(call);
        var versionId = call.RequiredVersion(SourceVersion);
        var keyId = await KeyReference.Read(call, acceptsAlias: false, SourceKeyId);
        return (keyId, await call.Grains.DataKeys(call.AccountId, keyId).ReEncryptAsymmetric(versionId, algorithm, ciphertext, await Destination(call), destinationContext));
    }

    private static ValueTask<Guid> Destination(ActionCall call) => KeyReference.Read(call, acceptsAlias: true, "DestinationKeyId");
}

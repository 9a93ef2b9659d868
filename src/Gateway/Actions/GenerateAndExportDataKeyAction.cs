namespace Orleans.Kms.Gateway.Actions;

internal static class GenerateAndExportDataKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "PublicKeyBlob", "WrappingKeySpec", "WrappingAlgorithm");
        var recipient = Recipients.Read(call);
        var (length, context) = (DataKeyLength.Read(call), EncryptionContexts.Read(call));
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        var result = await call.Grains.DataKeys(call.AccountId, keyId).GenerateAndExportDataKey(length, context, recipient);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", result.KeyVersionId);
        call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
        call.Response.Bytes("ExportedDataKey", result.WrappedDataKey);
    }
}

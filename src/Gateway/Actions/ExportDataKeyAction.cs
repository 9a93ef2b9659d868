namespace Orleans.Kms.Gateway.Actions;

internal static class ExportDataKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("CiphertextBlob", "PublicKeyBlob", "WrappingKeySpec", "WrappingAlgorithm");
        var recipient = Recipients.Read(call);
        var context = EncryptionContexts.Read(call);
        var (keyId, blob) = BlobReference.Read(call);
        var result = await BlobReference.Hide(call.Grains.DataKeys(call.AccountId, keyId).ExportDataKey(blob, context, recipient));
        call.Response.Bytes("ExportedDataKey", result.WrappedDataKey);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", result.KeyVersionId);
    }
}

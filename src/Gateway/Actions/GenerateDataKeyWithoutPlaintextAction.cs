namespace Orleans.Kms.Gateway.Actions;

internal static class GenerateDataKeyWithoutPlaintextAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId");
        var (length, context) = (DataKeyLength.Read(call), EncryptionContexts.Read(call));
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        var result = await call.Grains.Key(call.AccountId, keyId).GenerateDataKeyWithoutPlaintext(length, context);
        call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", result.KeyVersionId);
    }
}

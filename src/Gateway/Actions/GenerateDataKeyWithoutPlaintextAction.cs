namespace Orleans.Kms.Gateway.Actions;

internal static class GenerateDataKeyWithoutPlaintextAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var keyId = await KeyReference.Read(call, acceptsAlias: true);
        var result = await call.Grains.Key(call.AccountId, keyId).GenerateDataKeyWithoutPlaintext(DataKeyLength.Read(call), EncryptionContexts.Read(call));
        call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", result.KeyVersionId);
    }
}

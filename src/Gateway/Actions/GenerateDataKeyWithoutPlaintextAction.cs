namespace Orleans.Kms.Gateway.Actions;

internal static class GenerateDataKeyWithoutPlaintextAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.RefuseUnsupported();
        var keyId = KeyReference.Read(call, acceptsAlias: true);
        var result = await KeyReference.Grain(call, keyId).GenerateDataKeyWithoutPlaintext(DataKeyLength.Read(call), EncryptionContexts.Read(call));
        call.Response.Bytes("CiphertextBlob", result.CiphertextBlob);
        call.Response.Id("KeyId", keyId);
        call.Response.Id("KeyVersionId", result.KeyVersionId);
    }
}

using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

internal static class SetDeletionProtectionAction
{
    private const string Arn = "ProtectedResourceArn";
    private const string KeyId = "KeyId";

    // Newer clients name the key by KeyId instead; two names have to be those of one key.
    public static async ValueTask Handle(ActionCall call)
    {
        if (call.Text("KmsInstanceId") is not null) throw new KmsException(KmsErrorCode.InstanceNotFound);
        var (hasArn, hasKeyId) = (call.Text(Arn) is not null, call.Text(KeyId) is not null);
        var parameter = hasKeyId && !hasArn ? KeyId : Arn;
        call.Require(parameter);
        var isProtected = call.RequiredFlag("EnableDeletionProtection");
        var description = call.Text("DeletionProtectionDescription") ?? "";
        var keyId = await KeyReference.Read(call, acceptsAlias: false, parameter);
        if (hasArn && hasKeyId && await KeyReference.Read(call, acceptsAlias: false, KeyId) != keyId) throw KmsException.InvalidParameter(KeyId);
        await call.Grains.Lifecycle(call.AccountId, keyId).SetDeletionProtection(isProtected, description);
    }
}

using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

internal static class SetDeletionProtectionAction
{
    private const string Arn = "ProtectedResourceArn";

    // Newer clients name the key by KeyId instead.
    public static async ValueTask Handle(ActionCall call)
    {
        if (call.Text("KmsInstanceId") is not null) throw new KmsException(KmsErrorCode.InstanceNotFound);
        var parameter = call.Text(Arn) is null && call.Text("KeyId") is not null ? "KeyId" : Arn;
        call.Required(parameter);
        var isProtected = call.RequiredFlag("EnableDeletionProtection");
        var description = call.Text("DeletionProtectionDescription") ?? "";
        await call.Grains.Lifecycle(call.AccountId, await KeyReference.Read(call, acceptsAlias: false, parameter)).SetDeletionProtection(isProtected, description);
    }
}

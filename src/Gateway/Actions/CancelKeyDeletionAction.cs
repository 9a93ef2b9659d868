namespace Orleans.Kms.Gateway.Actions;

internal static class CancelKeyDeletionAction
{
    public static async ValueTask Handle(ActionCall call) =>
        await call.Grains.Lifecycle(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).CancelDeletion();
}

using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class ScheduleKeyDeletionAction
{
    private const string Window = "PendingWindowInDays";

    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", Window);
        var days = call.Integer(Window)!.Value;
        DeletionWindow.Check(days);
        await call.Grains.Lifecycle(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).ScheduleDeletion(days);
    }
}

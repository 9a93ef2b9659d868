using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DeleteGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "GroupName");
        await call.Grains.Groups(call.AccountId).DeleteGroup(call.Required("GroupName"));
    }
}

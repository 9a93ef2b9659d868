using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class GetGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "GroupName");
        RamAnswers.Object(call.Response, "Group", await call.Grains.Groups(call.AccountId).GetGroup(call.Required("GroupName")), GroupFields.Write);
    }
}

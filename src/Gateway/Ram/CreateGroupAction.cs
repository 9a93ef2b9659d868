using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class CreateGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "GroupName");
        var comments = RamParameters.Quoted(call, "Comments");
        var group = await call.Grains.Groups(call.AccountId).CreateGroup(call.Required("GroupName"), comments);
        RamAnswers.Object(call.Response, "Group", group, GroupFields.WriteNew);
    }
}

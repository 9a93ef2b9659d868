using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class UpdateGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "GroupName");
        var comments = RamParameters.Change(call, "NewComments");
        var group = await call.Grains.Groups(call.AccountId).UpdateGroup(call.Required("GroupName"), call.Text("NewGroupName"), comments);
        RamAnswers.Object(call.Response, "Group", group, GroupFields.Write);
    }
}

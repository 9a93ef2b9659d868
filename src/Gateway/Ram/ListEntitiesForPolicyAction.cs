using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListEntitiesForPolicyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName");
        var type = RamParameters.Type(call);
        var entities = await call.Grains.Policies(call.AccountId).ListEntitiesForPolicy(type, call.Required("PolicyName"));
        RamAnswers.List(call.Response, "Users", "User", entities.Users, UserFields.WriteAttached);
        RamAnswers.List(call.Response, "Groups", "Group", entities.Groups, GroupFields.WriteAttached);
        RamAnswers.List(call.Response, "Roles", "Role", entities.Roles, RoleFields.WriteAttached);
    }
}

using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

internal static class UpdateRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "RoleName");
        var changes = new RamRoleSettings(
            RamParameters.Quoted(call, "NewAssumeRolePolicyDocument"), RamParameters.Change(call, "NewDescription"), RamParameters.Integer(call, "NewMaxSessionDuration"));
        RamAnswers.Object(call.Response, "Role", await call.Grains.Roles(call.AccountId).UpdateRole(call.Required("RoleName"), changes), RoleFields.Write);
    }
}

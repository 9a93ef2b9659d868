using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

internal static class CreateRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "RoleName", "AssumeRolePolicyDocument");
        var settings = new RamRoleSettings(
            RamParameters.Quoted(call, "AssumeRolePolicyDocument"), RamParameters.Quoted(call, "Description"), RamParameters.Integer(call, "MaxSessionDuration"));
        RamAnswers.Object(call.Response, "Role", await call.Grains.Roles(call.AccountId).CreateRole(call.Required("RoleName"), settings), RoleFields.WriteNew);
    }
}

using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class GetAccessKeyLastUsedAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserAccessKeyId");
        var lastUsedAt = await call.Grains.Users(call.AccountId).GetAccessKeyLastUsed(call.Text("UserName"), call.Required("UserAccessKeyId"));
        call.Response.BeginObject("AccessKeyLastUsed");
        if (lastUsedAt is { } time) call.Response.Time("LastUsedDate", time);
        else call.Response.Text("LastUsedDate", "");
        call.Response.EndObject("AccessKeyLastUsed");
    }
}

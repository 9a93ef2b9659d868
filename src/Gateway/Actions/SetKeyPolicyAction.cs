using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

internal static class SetKeyPolicyAction
{
    private const int MaxPolicyBytes = 32768;

    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "Policy");
        var policy = call.Required("Policy");
        if (System.Text.Encoding.UTF8.GetByteCount(policy) > MaxPolicyBytes) throw KmsException.InvalidParameter("Policy");
        await call.Grains.Lifecycle(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).SetPolicy(call.Text("PolicyName") ?? "default", policy);
    }
}

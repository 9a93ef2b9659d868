namespace Orleans.Kms.Gateway.Actions;

internal static class GetKeyPolicyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var keyId = await KeyReference.Read(call, acceptsAlias: false);
        call.Response.Text("Policy", await call.Grains.Lifecycle(call.AccountId, keyId).GetPolicy(call.Text("PolicyName") ?? "default"));
    }
}

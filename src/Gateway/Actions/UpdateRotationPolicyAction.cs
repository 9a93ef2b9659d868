using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class UpdateRotationPolicyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "EnableAutomaticRotation");
        TimeSpan? interval = call.RequiredFlag("EnableAutomaticRotation") ? RotationInterval.Parse(call.Required("RotationInterval")) : null;
        await call.Grains.Versions(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).UpdateRotationPolicy(interval);
    }
}

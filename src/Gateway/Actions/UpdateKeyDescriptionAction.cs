using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class UpdateKeyDescriptionAction
{
    private const string Description = "Description";

    // An empty description was sent on purpose: it clears the old one.
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId");
        if (!call.Parameters.Contains(Description)) throw KmsException.MissingParameter(Description);
        var description = call.Text(Description) ?? "";
        KeySettings.CheckDescription(description);
        await call.Grains.Lifecycle(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).UpdateDescription(description);
    }
}

using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>How a call names an alias.</summary>
internal static class AliasReference
{
    private const string Name = "AliasName";

    /// <summary>The alias that the parameter <c>AliasName</c> names.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsErrorCode.InvalidParameter"/> also for a reserved name.</exception>
    public static IAliasGrain Read(ActionCall call)
    {
        var name = call.Required(Name);
        return AliasName.IsValid(name) ? call.Grains.Alias(call.AccountId, name) : throw KmsException.InvalidParameter(Name);
    }
}

using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>How a call names a CMK: by key id or ARN, and where the API allows it by alias.</summary>
internal static class KeyReference
{
    private const string AliasPrefix = "alias/";
    private const string KeyPrefix = "key/";

    /// <summary>The CMK that the parameter <c>KeyId</c> names.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsErrorCode.KeyNotFound"/> also for a malformed name and for another account's or region's ARN;
    /// <see cref="KmsErrorCode.AliasNotFound"/>, or <see cref="KmsErrorCode.UnsupportedAlias"/> where no alias is accepted.
    /// </exception>
    public static Guid Read(ActionCall call, bool acceptsAlias)
    {
        var name = call.Required("KeyId");
        var arnPrefix = $"acs:kms:{call.Options.RegionId}:{call.AccountId}:";
        if (name.StartsWith(arnPrefix, StringComparison.Ordinal))
        {
            name = name[arnPrefix.Length..];
            if (name.StartsWith(KeyPrefix, StringComparison.Ordinal)) name = name[KeyPrefix.Length..];
        }
        if (name.StartsWith(AliasPrefix, StringComparison.Ordinal)) throw new KmsException(acceptsAlias ? KmsErrorCode.AliasNotFound : KmsErrorCode.UnsupportedAlias);
        return KeyId.TryParse(name, out var id) ? id : throw new KmsException(KmsErrorCode.KeyNotFound);
    }

    /// <summary>The grain of a CMK of the caller's account.</summary>
    public static IKeyGrain Grain(ActionCall call, Guid keyId) => call.Grains.Key(call.AccountId, keyId);
}

using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>How a call names a CMK: by key id or ARN, and where the API allows it by alias.</summary>
internal static class KeyReference
{
    private const string KeyPrefix = "key/";

    /// <summary>The CMK that a required parameter names. Only an alias takes a grain call.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsErrorCode.KeyNotFound"/> also for a malformed name and for another account's ARN, and for one of another region, which the message names;
    /// <see cref="KmsErrorCode.AliasNotFound"/> also for a malformed alias, or <see cref="KmsErrorCode.UnsupportedAlias"/> where no alias is accepted.
    /// </exception>
    public static ValueTask<Guid> Read(ActionCall call, bool acceptsAlias, string parameter = "KeyId")
    {
        var name = call.Required(parameter);
        if (name.StartsWith("acs:", StringComparison.Ordinal)) name = WithinArn(call, name);
        if (name.StartsWith(AliasName.Prefix, StringComparison.Ordinal))
        {
            if (!acceptsAlias) throw new KmsException(KmsErrorCode.UnsupportedAlias);
            SentKeyName.Attach(parameter, name);
            return AliasName.IsValid(name) ? call.Grains.Alias(call.AccountId, name).Resolve() : throw new KmsException(KmsErrorCode.AliasNotFound);
        }
        return KeyId.TryParse(name, out var id) ? new(id) : throw new KmsException(KmsErrorCode.KeyNotFound);
    }

    private static string WithinArn(ActionCall call, string name)
    {
        var prefix = $"acs:kms:{call.Options.RegionId}:{call.AccountId}:";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            if (OtherRegions.Of(name, call.AccountId) is { } region) throw OtherRegions.NotFound(region, call.Options.RegionId);
            return name;
        }
        name = name[prefix.Length..];
        if (name.StartsWith(AliasName.Prefix, StringComparison.Ordinal)) return name;
        // What follows is a key id, and nothing that would be read in another way without the prefix.
        return name.StartsWith(KeyPrefix, StringComparison.Ordinal) && KeyId.TryParse(name[KeyPrefix.Length..], out _) ? name[KeyPrefix.Length..] : throw new KmsException(KmsErrorCode.KeyNotFound);
    }
}

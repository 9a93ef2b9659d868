using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Calls about what is in another region: keys and aliases are per region, and each has an endpoint of its own.</summary>
internal static class OtherRegions
{
    private const string Parameter = "RegionId";

    /// <summary>The region in an ARN of the caller's own account; null if the name is none. What region another account's is in is nobody's business.</summary>
    public static string? Of(string arn, string accountId) => arn.Split(':') is ["acs", "kms", { Length: > 0 and <= 64 } region, var account, _] && account == accountId ? region : null;

    /// <summary>The failure of a call that names a CMK or alias of another region.</summary>
    public static KmsException NotFound(string region, string ownRegion) =>
        new(KmsErrorCode.KeyNotFound, $"{KmsErrorCode.KeyNotFound.StandardMessage()} It is in region {region}, and this is region {ownRegion}: send the request to the endpoint of {region}.");

    /// <summary>Fails if an action that takes a region was sent to the wrong one. SDKs send their own default, whatever the service: only a region of this installation is one.</summary>
    public static void Refuse(ActionCall call)
    {
        if (call.Text(Parameter) is not { } region || region == call.Options.RegionId || !call.Options.RegionIds.Contains(region)) return;
        throw new KmsException(KmsErrorCode.InvalidParameter, $"The specified parameter {Parameter} is not valid. This is region {call.Options.RegionId}: send the request to the endpoint of {region}.");
    }
}

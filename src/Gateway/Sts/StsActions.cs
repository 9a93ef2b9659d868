using System.Collections.Frozen;
using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Sts;

/// <summary>The actions of STS: one row each.</summary>
internal static class StsActions
{
    /// <summary>The version of the API.</summary>
    public const string Version = "2015-04-01";

    /// <summary>What carries them out, by name.</summary>
    public static FrozenDictionary<string, Func<ActionCall, ValueTask>> Rows { get; } =
        new Dictionary<string, Func<ActionCall, ValueTask>>
        {
            ["AssumeRole"] = AssumeRoleAction.Handle,
            ["GetCallerIdentity"] = GetCallerIdentityAction.Handle,
        }.ToFrozenDictionary();
}

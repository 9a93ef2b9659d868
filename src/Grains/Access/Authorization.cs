using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>Decides whether a caller may do an action on a resource: a pure function of the two.</summary>
internal static class Authorization
{
    /// <summary>Why the call is refused, or null if it is allowed.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="action">What it wants to do.</param>
    /// <param name="grainKey">The key of the grain that it calls: the account id, for a CMK or alias followed by <c>/</c> and its id or name.</param>
    /// <remarks>The account root may do everything in its own account. To a caller of another account a key or alias is as if absent.</remarks>
    public static KmsErrorCode? Refusal(Caller caller, KmsActionAttribute action, ReadOnlySpan<char> grainKey)
    {
        if (caller.Principal != Caller.Root(caller.AccountId)) return KmsErrorCode.NoPermission;
        if (IsOfAccount(caller, grainKey)) return null;
        return action.Resource switch
        {
            ResourceKind.Key => KmsErrorCode.KeyNotFound,
            ResourceKind.Alias => KmsErrorCode.AliasNotFound,
            _ => KmsErrorCode.NoPermission,
        };
    }

    /// <summary>Whether a grain belongs to the caller's account.</summary>
    public static bool IsOfAccount(Caller caller, ReadOnlySpan<char> grainKey)
    {
        var slash = grainKey.IndexOf('/');
        return (slash < 0 ? grainKey : grainKey[..slash]).SequenceEqual(caller.AccountId);
    }
}

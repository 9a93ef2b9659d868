using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>Decides whether a caller may do an action on a resource: a pure function of the two.</summary>
internal static class Authorization
{
    /// <summary>Why the call is refused, or null if it is allowed.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="action">What it wants to do.</param>
    /// <param name="grainKey">The key of the grain that it calls: the account id, for a CMK followed by <c>/</c> and the key id.</param>
    /// <remarks>The account root may do everything in its own account. To a caller of another account a key is as if absent.</remarks>
    public static KmsErrorCode? Refusal(Caller caller, KmsActionAttribute action, ReadOnlySpan<char> grainKey)
    {
        var slash = grainKey.IndexOf('/');
        var account = slash < 0 ? grainKey : grainKey[..slash];
        if (caller.Principal != Caller.Root(caller.AccountId)) return KmsErrorCode.NoPermission;
        if (account.SequenceEqual(caller.AccountId)) return null;
        return action.Resource == ResourceKind.Key ? KmsErrorCode.KeyNotFound : KmsErrorCode.NoPermission;
    }
}

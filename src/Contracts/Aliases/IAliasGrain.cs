using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Aliases;

/// <summary>
/// One alias: a name that points to a CMK of the same account; the grain key is <see cref="AliasName.GrainKey"/>. Calls need a <see cref="CallerToken"/> of the same
/// account. A name that no alias can have fails with <see cref="KmsErrorCode.InvalidParameter"/>, and one that there is not with <see cref="KmsErrorCode.AliasNotFound"/>.
/// </summary>
[Alias("kms.alias")]
public interface IAliasGrain : IGrainWithStringKey
{
    /// <summary>The CMK that the alias points to. Needs no permission: what is then done with the CMK does.</summary>
    [Alias("resolve"), AlwaysInterleave, AccountMember]
    ValueTask<Guid> Resolve();

    /// <summary>Makes the alias. Of several callers at once exactly one succeeds.</summary>
    /// <param name="keyId">The CMK that it is to point to.</param>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.AliasAlreadyExists"/>; <see cref="KmsErrorCode.KeyNotFound"/>; <see cref="KmsErrorCode.StateModificationFailed"/> if that key is pending
    /// deletion; <see cref="KmsErrorCode.LimitExceeded"/>.
    /// </exception>
    [Alias("create"), KmsAction("CreateAlias", ActionAccess.Write, ResourceKind.Alias)]
    Task Create(Guid keyId);

    /// <summary>Points the alias to another CMK.</summary>
    /// <param name="keyId">The CMK that it is to point to.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.KeyNotFound"/>; <see cref="KmsErrorCode.KeyPendingDeletion"/>.</exception>
    [Alias("update"), KmsAction("UpdateAlias", ActionAccess.Write, ResourceKind.Alias)]
    Task Update(Guid keyId);

    /// <summary>Removes the alias; the CMK stays as it is.</summary>
    [Alias("delete"), KmsAction("DeleteAlias", ActionAccess.Write, ResourceKind.Alias)]
    Task Delete();
}

using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>The life of one CMK. Grain key, caller token and common failures as for <see cref="IKeyGrain"/>.</summary>
[Alias("kms.key-lifecycle")]
public interface IKeyLifecycleGrain : IGrainWithStringKey
{
    /// <summary>Takes the key out of use and destroys it, with its versions, aliases and tags, when the window has passed. Until then it can be cancelled.</summary>
    /// <param name="windowInDays"><see cref="DeletionWindow.MinDays"/> to <see cref="DeletionWindow.MaxDays"/>.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.RejectedUnsupportedOperation"/> while the key is protected.</exception>
    [Alias("schedule-deletion"), KmsAction("ScheduleKeyDeletion", ActionAccess.Write, ResourceKind.Key)]
    Task ScheduleDeletion(int windowInDays);

    /// <summary>Saves a key that is pending deletion; it is enabled afterwards.</summary>
    [Alias("cancel-deletion"), KmsAction("CancelKeyDeletion", ActionAccess.Write, ResourceKind.Key)]
    Task CancelDeletion();

    /// <summary>Protects the key from being scheduled for deletion, or ends that.</summary>
    /// <param name="isProtected">Whether it is to be protected.</param>
    /// <param name="description">Why, 0 to <see cref="KeySettings.MaxDescriptionLength"/> characters; counts only with protection.</param>
    [Alias("set-deletion-protection"), KmsAction("SetDeletionProtection", ActionAccess.Write, ResourceKind.Key)]
    Task SetDeletionProtection(bool isProtected, string description);

    /// <summary>Replaces the description.</summary>
    /// <param name="description">0 to <see cref="KeySettings.MaxDescriptionLength"/> characters.</param>
    [Alias("update-description"), KmsAction("UpdateKeyDescription", ActionAccess.Write, ResourceKind.Key)]
    Task UpdateDescription(string description);

    /// <summary>Always fails: only keys of dedicated instances have key policies, and this service has none.</summary>
    /// <param name="policyName">The policy's name; there can be no other than <c>default</c>.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.KeyPolicyUnsupported"/>; <see cref="KmsErrorCode.ResourceNotFound"/> for another name.</exception>
    [Alias("get-policy"), AlwaysInterleave, KmsAction("GetKeyPolicy", ActionAccess.Read, ResourceKind.Key)]
    Task<string> GetPolicy(string policyName);

    /// <summary>Always fails, see <see cref="GetPolicy"/>.</summary>
    /// <param name="policyName">See <see cref="GetPolicy"/>.</param>
    /// <param name="policy">The policy's text.</param>
    [Alias("set-policy"), KmsAction("SetKeyPolicy", ActionAccess.Write, ResourceKind.Key)]
    Task SetPolicy(string policyName, string policy);
}

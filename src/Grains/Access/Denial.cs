using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>What a caller hears who may not do something: action and resource, as the original tells them, and nothing of the statement that decided.</summary>
internal static class Denial
{
    /// <summary>The refusal of an action on a resource.</summary>
    /// <param name="called">The action that was called.</param>
    /// <param name="action">Its name for policies on this resource.</param>
    /// <param name="resource">The resource.</param>
    public static KmsException Of(ActionAttribute called, string action, string resource) => called switch
    {
        KmsActionAttribute => new(KmsErrorCode.NoPermission, $"This operation for {resource} is forbidden by permission system. Action: {action}"),
        { Service: "sts" } => OfRole(resource),
        _ => new(KmsErrorCode.RamNoPermission, $"You are not authorized to do this action. Resource: {resource} Action: {action}"),
    };

    /// <summary>The refusal of a role: one and the same, whether the caller's policies or the role's trust policy do not allow it.</summary>
    public static KmsException OfRole(string resource) => new(
        KmsErrorCode.RamNoPermission,
        $"You are not authorized to do this action. Resource: {resource} Action: sts:AssumeRole. Your policies have to allow the action on the role, and the role's trust policy has to name you.");
}

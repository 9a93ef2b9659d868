using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The system policies as RAM shows them: always there, in one version, the same in every account.</summary>
internal static class ServicePolicies
{
    // What clients see as the date of policies that nobody ever made.
    private static readonly DateTimeOffset CreatedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A policy as it is shown.</summary>
    public static RamPolicy Shown(SystemPolicy policy, int attachments) =>
        new(policy.Name, PolicyType.System, policy.Description, SystemPolicy.Version, attachments, CreatedAt, CreatedAt);

    /// <summary>Its version.</summary>
    public static RamPolicyVersion Version(SystemPolicy policy) => new(SystemPolicy.Version, true, policy.Document, CreatedAt);

    /// <summary>The policy of exactly this name.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.EntityNotExist"/></exception>
    public static SystemPolicy Require(string name) => SystemPolicies.Find(name) ?? throw NamedRows.Policies.Absent(name);
}

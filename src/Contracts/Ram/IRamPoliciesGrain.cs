using Orleans.Kms.Access;

namespace Orleans.Kms.Ram;

/// <summary>The policies of an account and who has them; the grain key is the account id. Failures are those that <see cref="RamErrors"/> names.</summary>
[Alias("kms.ram-policies")]
public interface IRamPoliciesGrain : IGrainWithStringKey
{
    /// <summary>Makes a custom policy; its first version is the default one.</summary>
    [Alias("create"), RamAction("ram", "CreatePolicy", ActionAccess.Write, "policy/*")]
    Task<RamPolicy> CreatePolicy(string policyName, string policyDocument, string? description);

    /// <summary>A policy with its default version.</summary>
    [Alias("get"), RamAction("ram", "GetPolicy", ActionAccess.Read, "policy/{policyName}")]
    Task<RamPolicyDetail> GetPolicy(PolicyType policyType, string policyName);

    /// <summary>Removes a custom policy that nobody has and that has one version; with <paramref name="cascading"/> its attachments and versions, too.</summary>
    [Alias("delete"), RamAction("ram", "DeletePolicy", ActionAccess.Write, "policy/{policyName}")]
    Task DeletePolicy(string policyName, bool cascading);

    /// <summary>The policies, in order of name; of one type if one is given.</summary>
    [Alias("list"), RamAction("ram", "ListPolicies", ActionAccess.Read, "policy/*")]
    Task<RamPolicyPage> ListPolicies(PolicyType? type, MarkerRequest page);

    /// <summary>Changes the description of a custom policy.</summary>
    [Alias("update-description"), RamAction("ram", "UpdatePolicyDescription", ActionAccess.Write, "policy/{policyName}")]
    Task<RamPolicy> UpdatePolicyDescription(string policyName, string newDescription);

    /// <summary>Adds a version.</summary>
    /// <param name="policyName">A custom policy.</param>
    /// <param name="policyDocument">JSON.</param>
    /// <param name="setAsDefault">Whether it counts at once.</param>
    /// <param name="rotate">Whether the oldest version that does not count gives way if there are five.</param>
    [Alias("create-version"), RamAction("ram", "CreatePolicyVersion", ActionAccess.Write, "policy/{policyName}")]
    Task<RamPolicyVersion> CreatePolicyVersion(string policyName, string policyDocument, bool setAsDefault, bool rotate);

    /// <summary>One version.</summary>
    [Alias("get-version"), RamAction("ram", "GetPolicyVersion", ActionAccess.Read, "policy/{policyName}")]
    Task<RamPolicyVersion> GetPolicyVersion(PolicyType policyType, string policyName, string versionId);

    /// <summary>All versions, in order of creation.</summary>
    [Alias("list-versions"), RamAction("ram", "ListPolicyVersions", ActionAccess.Read, "policy/{policyName}")]
    Task<RamPolicyVersion[]> ListPolicyVersions(PolicyType policyType, string policyName);

    /// <summary>Makes another version count.</summary>
    [Alias("set-default-version"), RamAction("ram", "SetDefaultPolicyVersion", ActionAccess.Write, "policy/{policyName}")]
    Task SetDefaultPolicyVersion(string policyName, string versionId);

    /// <summary>Removes a version that does not count.</summary>
    [Alias("delete-version"), RamAction("ram", "DeletePolicyVersion", ActionAccess.Write, "policy/{policyName}")]
    Task DeletePolicyVersion(string policyName, string versionId);

    /// <summary>Gives a user the rights of a policy.</summary>
    [Alias("attach-to-user"), RamAction("ram", "AttachPolicyToUser", ActionAccess.Write, "user/{userName}", "policy/{policyName}")]
    Task AttachPolicyToUser(PolicyType policyType, string policyName, string userName);

    /// <summary>Gives a group's users the rights of a policy.</summary>
    [Alias("attach-to-group"), RamAction("ram", "AttachPolicyToGroup", ActionAccess.Write, "group/{groupName}", "policy/{policyName}")]
    Task AttachPolicyToGroup(PolicyType policyType, string policyName, string groupName);

    /// <summary>Gives a role the rights of a policy.</summary>
    [Alias("attach-to-role"), RamAction("ram", "AttachPolicyToRole", ActionAccess.Write, "role/{roleName}", "policy/{policyName}")]
    Task AttachPolicyToRole(PolicyType policyType, string policyName, string roleName);

    /// <summary>Takes the rights of a policy from a user.</summary>
    [Alias("detach-from-user"), RamAction("ram", "DetachPolicyFromUser", ActionAccess.Write, "user/{userName}", "policy/{policyName}")]
    Task DetachPolicyFromUser(PolicyType policyType, string policyName, string userName);

    /// <summary>Takes the rights of a policy from a group's users.</summary>
    [Alias("detach-from-group"), RamAction("ram", "DetachPolicyFromGroup", ActionAccess.Write, "group/{groupName}", "policy/{policyName}")]
    Task DetachPolicyFromGroup(PolicyType policyType, string policyName, string groupName);

    /// <summary>Takes the rights of a policy from a role.</summary>
    [Alias("detach-from-role"), RamAction("ram", "DetachPolicyFromRole", ActionAccess.Write, "role/{roleName}", "policy/{policyName}")]
    Task DetachPolicyFromRole(PolicyType policyType, string policyName, string roleName);

    /// <summary>The policies of a user, in order of attachment; not those of its groups.</summary>
    [Alias("list-for-user"), RamAction("ram", "ListPoliciesForUser", ActionAccess.Read, "user/{userName}")]
    Task<RamAttachedPolicy[]> ListPoliciesForUser(string userName);

    /// <summary>The policies of a group, in order of attachment.</summary>
    [Alias("list-for-group"), RamAction("ram", "ListPoliciesForGroup", ActionAccess.Read, "group/{groupName}")]
    Task<RamAttachedPolicy[]> ListPoliciesForGroup(string groupName);

    /// <summary>The policies of a role, in order of attachment.</summary>
    [Alias("list-for-role"), RamAction("ram", "ListPoliciesForRole", ActionAccess.Read, "role/{roleName}")]
    Task<RamAttachedPolicy[]> ListPoliciesForRole(string roleName);

    /// <summary>Who has a policy.</summary>
    [Alias("list-entities"), RamAction("ram", "ListEntitiesForPolicy", ActionAccess.Read, "policy/{policyName}")]
    Task<RamPolicyEntities> ListEntitiesForPolicy(PolicyType policyType, string policyName);
}

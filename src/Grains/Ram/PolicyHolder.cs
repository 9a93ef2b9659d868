using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>A kind of identity that policies are attached to.</summary>
/// <param name="Kind">Its number in the table of attachments.</param>
/// <param name="Rows">Its table.</param>
/// <param name="AttachmentSubject">What failures call an attachment, for example <c>User.Policy</c>.</param>
/// <param name="ConflictSubject">What failures call the attachment that keeps a policy, for example <c>Policy.User</c>.</param>
/// <param name="CustomLimit">How many custom policies one may have.</param>
internal sealed record PolicyHolder(int Kind, NamedRows Rows, string AttachmentSubject, string ConflictSubject, Func<RamOptions, int> CustomLimit)
{
    public static readonly PolicyHolder User = new(1, NamedRows.Users, RamErrors.UserPolicy, RamErrors.PolicyUser, options => options.CustomPoliciesPerUser);
    public static readonly PolicyHolder Group = new(2, NamedRows.Groups, RamErrors.GroupPolicy, RamErrors.PolicyGroup, options => options.CustomPoliciesPerGroup);

    // No source names the code of a policy that a role keeps; the client that looks at it, Terraform's provider, expects the same as of a role that a policy keeps.
    public static readonly PolicyHolder Role = new(3, NamedRows.Roles, RamErrors.RolePolicy, RamErrors.RolePolicy, options => options.CustomPoliciesPerRole);

    /// <summary>All kinds, in the order in which a policy that is to go is checked for them.</summary>
    public static IReadOnlyList<PolicyHolder> All { get; } = [User, Group, Role];

    /// <summary>How many policies of a type one may have.</summary>
    public int Limit(RamOptions options, PolicyType type) => type == PolicyType.System ? options.SystemPoliciesPerIdentity : CustomLimit(options);
}

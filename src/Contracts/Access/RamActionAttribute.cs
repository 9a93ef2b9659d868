namespace Orleans.Kms.Access;

/// <summary>Names the action of RAM, STS or ActionTrail that a public grain method carries out, and what it is evaluated against.</summary>
/// <param name="service"><c>ram</c>, <c>sts</c> or <c>actiontrail</c>.</param>
/// <param name="action">The API's action name, for example <c>CreateUser</c>; its RAM name is <c>ram:CreateUser</c>.</param>
/// <param name="access">Whether the action changes state of the service.</param>
/// <param name="resources">
/// What follows the account in the names of the resources, all of which the caller needs the right to: <c>user/*</c> as it is, or <c>user/{userName}</c> with the argument of
/// that name. A <c>userName</c> that is not given is the caller's own. With an argument <c>policyType</c> a system policy's resource belongs to the account <c>system</c>.
/// A template <c>{roleArn}</c> is the whole resource, its account included, and so is <c>*</c>. None: every caller may.
/// </param>
public sealed class RamActionAttribute(string service, string action, ActionAccess access, params string[] resources) : ActionAttribute(service, action, access)
{
    /// <summary>What the action is evaluated against.</summary>
    public IReadOnlyList<string> Resources { get; } = resources;
}

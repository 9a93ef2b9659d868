using System.Data.Common;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>What the service itself asks.</content>
internal sealed partial class RamGrain
{
    public Task<IdentityPolicies?> PoliciesOfUser(string userId) => _gate.Pass(() => Read(command =>
        UserTable.NameOf(command, AccountId, userId) is { } name ? new IdentityPolicies(name, [.. PoliciesOfUser(command, userId)]) : null));

    public Task<IdentityPolicies?> PoliciesOfRole(string roleId) => _gate.Pass(() => Read(command =>
        RoleTable.NameOf(command, AccountId, roleId) is { } name
            ? new IdentityPolicies(name, [.. AttachmentTable.Documents(command, AccountId, PolicyHolder.Role, roleId, null)]) : null));

    public Task<string> UserId(string userName) => Read(command => NamedRows.Users.Require(command, AccountId, userName));

    public Task AwaitChange() => _gate.Pass(() => Task.FromResult(true));

    public Task<RamRole?> AssumableRole(string roleName) => Read(command => RoleTable.Find(command, AccountId, roleName));

    public Task ListRootAccessKey(string accessKeyId, DateTimeOffset createdAt) =>
        _gate.Pass(async () =>
        {
            await Write(command => AccessKeyTable.Insert(command, AccountId, null, accessKeyId, createdAt));
            return true;
        });

    public async Task<bool> HasAccessKey()
    {
        foreach (var row in await Read(command => AccessKeyTable.ListAll(command, AccountId)))
        {
            if (await Key(row.Id).State() is { } state && state.AccountId == AccountId) return true;
        }
        return false;
    }

    private List<AttachedDocument> PoliciesOfUser(DbCommand command, string userId)
    {
        var policies = AttachmentTable.Documents(command, AccountId, PolicyHolder.User, userId, null);
        foreach (var group in MembershipTable.ListGroups(command, AccountId, userId).Select(membership => membership.Group))
        {
            policies.AddRange(AttachmentTable.Documents(command, AccountId, PolicyHolder.Group, group.GroupId, group.GroupName));
        }
        return policies;
    }
}

using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>Who has which policy.</content>
internal sealed partial class RamGrain
{
    public Task AttachPolicyToUser(PolicyType policyType, string policyName, string userName) => Attach(policyType, policyName, PolicyHolder.User, RamNames.User(userName));

    public Task AttachPolicyToGroup(PolicyType policyType, string policyName, string groupName) => Attach(policyType, policyName, PolicyHolder.Group, RamNames.Group(groupName));

    public Task AttachPolicyToRole(PolicyType policyType, string policyName, string roleName) => Attach(policyType, policyName, PolicyHolder.Role, RamNames.Role(roleName));

    public Task DetachPolicyFromUser(PolicyType policyType, string policyName, string userName) => Detach(policyType, policyName, PolicyHolder.User, RamNames.User(userName));

    public Task DetachPolicyFromGroup(PolicyType policyType, string policyName, string groupName) => Detach(policyType, policyName, PolicyHolder.Group, RamNames.Group(groupName));

    public Task DetachPolicyFromRole(PolicyType policyType, string policyName, string roleName) => Detach(policyType, policyName, PolicyHolder.Role, RamNames.Role(roleName));

    public Task<RamAttachedPolicy[]> ListPoliciesForUser(string userName) => PoliciesOf(PolicyHolder.User, RamNames.User(userName));

    public Task<RamAttachedPolicy[]> ListPoliciesForGroup(string groupName) => PoliciesOf(PolicyHolder.Group, RamNames.Group(groupName));

    public Task<RamAttachedPolicy[]> ListPoliciesForRole(string roleName) => PoliciesOf(PolicyHolder.Role, RamNames.Role(roleName));

    public Task<RamPolicyEntities> ListEntitiesForPolicy(PolicyType policyType, string policyName)
    {
        CheckPolicy(policyType, policyName);
        return Read(command =>
        {
            var policy = PolicyKey.Require(command, AccountId, policyType, policyName);
            return new RamPolicyEntities(
                [.. AttachmentTable.Holders(command, AccountId, policy, PolicyHolder.User, 'u', UserTable.Columns, reader => (UserTable.Row(reader), reader.Time(UserTable.Width)))],
                [.. AttachmentTable.Holders(command, AccountId, policy, PolicyHolder.Group, 'g', GroupTable.Columns, reader => (GroupTable.Row(reader), reader.Time(GroupTable.Width)))],
                [.. AttachmentTable.Holders(command, AccountId, policy, PolicyHolder.Role, 'r', RoleTable.Columns, reader => (RoleTable.Row(reader), reader.Time(RoleTable.Width)))]);
        });
    }

    private Task<bool> Attach(PolicyType type, string policyName, PolicyHolder holder, string name)
    {
        CheckPolicy(type, policyName);
        return ChangeRights(command =>
        {
            var (policy, id) = (PolicyKey.Require(command, AccountId, type, policyName), holder.Rows.Require(command, AccountId, name));
            if (AttachmentTable.Contains(command, AccountId, holder, id, policy))
            {
                throw RamErrors.AlreadyExists(holder.AttachmentSubject, $"The {holder.Rows.Word} {name} has the policy {policyName} already.");
            }
            var limit = holder.Limit(Limits, type);
            if (AttachmentTable.Count(command, AccountId, holder, id, type) >= limit) throw RamErrors.LimitExceeded(holder.AttachmentSubject, limit);
            return writing => AttachmentTable.Insert(writing, AccountId, holder, id, policy, Now);
        });
    }

    private Task<bool> Detach(PolicyType type, string policyName, PolicyHolder holder, string name)
    {
        CheckPolicy(type, policyName);
        return ChangeRights(command =>
        {
            var (policy, id) = (PolicyKey.Require(command, AccountId, type, policyName), holder.Rows.Require(command, AccountId, name));
            if (!AttachmentTable.Contains(command, AccountId, holder, id, policy))
            {
                throw RamErrors.NotExist(holder.AttachmentSubject, $"The {holder.Rows.Word} {name} does not have the policy {policyName}.");
            }
            return writing => AttachmentTable.Delete(writing, AccountId, holder, id, policy);
        });
    }

    private Task<RamAttachedPolicy[]> PoliciesOf(PolicyHolder holder, string name) =>
        Read(command => AttachmentTable.List(command, AccountId, holder, holder.Rows.Require(command, AccountId, name)).ToArray());
}

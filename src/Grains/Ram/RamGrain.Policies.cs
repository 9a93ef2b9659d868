using System.Data.Common;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>Policies.</content>
internal sealed partial class RamGrain
{
    public Task<RamPolicy> CreatePolicy(string policyName, string policyDocument, string? description)
    {
        RamNames.Policy(policyName);
        RamDocuments.Policy(policyDocument, Limits.DocumentLength);
        var now = Now;
        var policy = new CustomPolicy(RamId.New(), 1, new(policyName, PolicyType.Custom, RamNames.Description(description ?? ""), RamNames.VersionId(1), 0, now, now));
        return Change<RamPolicy>(command =>
        {
            NamedRows.Policies.RequireFree(command, AccountId, policyName);
            NamedRows.Policies.RequireRoom(command, AccountId, Limits.Policies);
            return writing =>
            {
                PolicyTable.Insert(writing, AccountId, policy);
                VersionTable.Insert(writing, AccountId, policy.Id, policy.DefaultVersion, policyDocument, now);
                return policy.Policy;
            };
        });
    }

    public Task<RamPolicyDetail> GetPolicy(PolicyType policyType, string policyName)
    {
        CheckPolicy(policyType, policyName);
        return Read(command =>
        {
            if (policyType == PolicyType.System) return SystemDetail(command, ServicePolicies.Require(policyName));
            var policy = PolicyTable.Require(command, AccountId, policyName);
            return new RamPolicyDetail(policy.Policy, VersionTable.Require(command, AccountId, policy, policy.DefaultVersion));
        });
    }

    public Task DeletePolicy(string policyName, bool cascading)
    {
        RamNames.Policy(policyName);
        return ChangeRights(command =>
        {
            var policy = PolicyTable.Require(command, AccountId, policyName);
            if (!cascading) RequireLoose(command, policy);
            return writing =>
            {
                AttachmentTable.DeleteAll(writing, AccountId, policy.Key);
                VersionTable.DeleteAll(writing, AccountId, policy.Id);
                NamedRows.Policies.Delete(writing, AccountId, policy.Id);
            };
        });
    }

    public Task<RamPolicyPage> ListPolicies(PolicyType? type, MarkerRequest page)
    {
        if (type is { } wanted) CheckType(wanted);
        var after = RamMarker.After(page);
        return Read(command =>
        {
            var found = PolicyPage.Read(command, AccountId, type, after, page.MaxItems + 1);
            var (policies, marker) = RamMarker.Cut(found, page, PolicyPage.Place);
            return new RamPolicyPage(policies, marker);
        });
    }

    public Task<RamPolicy> UpdatePolicyDescription(string policyName, string newDescription)
    {
        RamNames.Policy(policyName);
        if (newDescription is null) throw RamErrors.Missing("NewDescription");
        RamNames.Description(newDescription);
        return Change<RamPolicy>(command =>
        {
            var (policy, now) = (PolicyTable.Require(command, AccountId, policyName), Now);
            return writing =>
            {
                PolicyTable.Describe(writing, AccountId, policy.Id, newDescription, now);
                return policy.Policy with { Description = newDescription, UpdatedAt = now };
            };
        });
    }

    private RamPolicyDetail SystemDetail(DbCommand command, SystemPolicy policy) =>
        new(ServicePolicies.Shown(policy, AttachmentTable.SystemCounts(command, AccountId).GetValueOrDefault(policy.Name)), ServicePolicies.Version(policy));

    private void RequireLoose(DbCommand command, CustomPolicy policy)
    {
        var name = policy.Policy.PolicyName;
        if (PolicyHolder.All.FirstOrDefault(holder => AttachmentTable.IsHeld(command, AccountId, policy.Key, holder)) is { } holder)
        {
            throw RamErrors.Conflict(holder.ConflictSubject, $"The policy {name} is attached to a {holder.Rows.Word}; detach it first.");
        }
        if (VersionTable.Count(command, AccountId, policy.Id) > 1) throw RamErrors.Conflict(RamErrors.PolicyVersion, $"The policy {name} has versions beside its default version; delete them first.");
    }

    private static void CheckPolicy(PolicyType type, string name)
    {
        CheckType(type);
        RamNames.Policy(name);
    }

    private static void CheckType(PolicyType type)
    {
        if (!Enum.IsDefined(type)) throw RamErrors.Invalid("PolicyType", "PolicyType is System or Custom.");
    }
}

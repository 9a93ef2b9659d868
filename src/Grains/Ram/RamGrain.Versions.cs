using System.Data.Common;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>Versions of policies.</content>
internal sealed partial class RamGrain
{
    public Task<RamPolicyVersion> CreatePolicyVersion(string policyName, string policyDocument, bool setAsDefault, bool rotate)
    {
        RamNames.Policy(policyName);
        RamDocuments.Policy(policyDocument, Limits.DocumentLength);
        return setAsDefault ? ChangeRights(Create) : Change(Create);

        Func<DbCommand, RamPolicyVersion> Create(DbCommand command)
        {
            var (policy, now) = (PolicyTable.Require(command, AccountId, policyName), Now);
            if (!rotate && VersionTable.Count(command, AccountId, policy.Id) >= Limits.VersionsPerPolicy) throw RamErrors.LimitExceeded(RamErrors.PolicyVersion, Limits.VersionsPerPolicy);
            return writing =>
            {
                VersionTable.MakeRoom(writing, AccountId, policy, Limits.VersionsPerPolicy);
                var version = PolicyTable.NextVersion(writing, AccountId, policy.Id, now);
                VersionTable.Insert(writing, AccountId, policy.Id, version, policyDocument, now);
                if (setAsDefault) PolicyTable.SetDefault(writing, AccountId, policy.Id, version, now);
                return new(RamNames.VersionId(version), setAsDefault, policyDocument, now);
            };
        }
    }

    public Task<RamPolicyVersion> GetPolicyVersion(PolicyType policyType, string policyName, string versionId)
    {
        CheckPolicy(policyType, policyName);
        var version = RamNames.Version(versionId);
        return Read(command =>
        {
            if (policyType == PolicyType.Custom) return VersionTable.Require(command, AccountId, PolicyTable.Require(command, AccountId, policyName), version);
            var policy = ServicePolicies.Require(policyName);
            return versionId == SystemPolicy.Version ? ServicePolicies.Version(policy) : throw VersionTable.Absent(policyName, versionId);
        });
    }

    public Task<RamPolicyVersion[]> ListPolicyVersions(PolicyType policyType, string policyName)
    {
        CheckPolicy(policyType, policyName);
        return Read<RamPolicyVersion[]>(command => policyType == PolicyType.System
            ? [ServicePolicies.Version(ServicePolicies.Require(policyName))]
            : [.. VersionTable.List(command, AccountId, PolicyTable.Require(command, AccountId, policyName))]);
    }

    public Task SetDefaultPolicyVersion(string policyName, string versionId)
    {
        RamNames.Policy(policyName);
        var version = RamNames.Version(versionId);
        return ChangeRights(command =>
        {
            var policy = PolicyTable.Require(command, AccountId, policyName);
            VersionTable.Require(command, AccountId, policy, version);
            return writing => PolicyTable.SetDefault(writing, AccountId, policy.Id, version, Now);
        });
    }

    // A version that does not count gives nobody rights.
    public Task DeletePolicyVersion(string policyName, string versionId)
    {
        RamNames.Policy(policyName);
        var version = RamNames.Version(versionId);
        return Change(command =>
        {
            var policy = PolicyTable.Require(command, AccountId, policyName);
            VersionTable.Require(command, AccountId, policy, version);
            if (version == policy.DefaultVersion) throw RamErrors.Conflict(RamErrors.DefaultPolicyVersion, $"The version {versionId} of the policy {policyName} is its default version; make another one that first.");
            return writing => VersionTable.Delete(writing, AccountId, policy.Id, version);
        });
    }
}

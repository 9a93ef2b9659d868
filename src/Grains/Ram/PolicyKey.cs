using System.Data.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>What attachments know a policy by.</summary>
/// <param name="Type">Who made it.</param>
/// <param name="Id">Of a custom policy its id, of a system policy its name.</param>
internal sealed record PolicyKey(PolicyType Type, string Id)
{
    /// <summary>The policy of exactly this name.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.EntityNotExist"/></exception>
    public static PolicyKey Require(DbCommand command, string accountId, PolicyType type, string name)
    {
        if (type == PolicyType.Custom) return new(type, NamedRows.Policies.Require(command, accountId, name));
        return SystemPolicies.Find(name) is not null ? new(type, name) : throw NamedRows.Policies.Absent(name);
    }
}

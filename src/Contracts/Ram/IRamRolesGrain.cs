using Orleans.Kms.Access;

namespace Orleans.Kms.Ram;

/// <summary>The roles of an account; the grain key is the account id. Failures are those that <see cref="RamErrors"/> names.</summary>
[Alias("kms.ram-roles")]
public interface IRamRolesGrain : IGrainWithStringKey
{
    /// <summary>Makes a role. It has no rights at first.</summary>
    [Alias("create"), RamAction("ram", "CreateRole", ActionAccess.Write, "role/*")]
    Task<RamRole> CreateRole(string roleName, RamRoleSettings settings);

    /// <summary>A role.</summary>
    [Alias("get"), RamAction("ram", "GetRole", ActionAccess.Read, "role/{roleName}")]
    Task<RamRole> GetRole(string roleName);

    /// <summary>Changes a role. Its sessions go on.</summary>
    [Alias("update"), RamAction("ram", "UpdateRole", ActionAccess.Write, "role/{roleName}")]
    Task<RamRole> UpdateRole(string roleName, RamRoleSettings changes);

    /// <summary>Removes a role that has no policies any more. Its sessions end.</summary>
    [Alias("delete"), RamAction("ram", "DeleteRole", ActionAccess.Write, "role/{roleName}")]
    Task DeleteRole(string roleName);

    /// <summary>The roles, in order of name.</summary>
    [Alias("list"), RamAction("ram", "ListRoles", ActionAccess.Read, "role/*")]
    Task<RamRolePage> ListRoles(MarkerRequest page);
}

using Orleans.Kms.Access;

namespace Orleans.Kms.Ram;

/// <summary>The groups of an account; the grain key is the account id. Failures are those that <see cref="RamErrors"/> names.</summary>
[Alias("kms.ram-groups")]
public interface IRamGroupsGrain : IGrainWithStringKey
{
    /// <summary>Makes a group.</summary>
    [Alias("create"), RamAction("ram", "CreateGroup", ActionAccess.Write, "group/*")]
    Task<RamGroup> CreateGroup(string groupName, string? comments);

    /// <summary>A group.</summary>
    [Alias("get"), RamAction("ram", "GetGroup", ActionAccess.Read, "group/{groupName}")]
    Task<RamGroup> GetGroup(string groupName);

    /// <summary>Changes a group; null leaves as it is. Under a new name it keeps its id, users and policies.</summary>
    [Alias("update"), RamAction("ram", "UpdateGroup", ActionAccess.Write, "group/{groupName}")]
    Task<RamGroup> UpdateGroup(string groupName, string? newGroupName, string? newComments);

    /// <summary>Removes a group that has no users and policies any more.</summary>
    [Alias("delete"), RamAction("ram", "DeleteGroup", ActionAccess.Write, "group/{groupName}")]
    Task DeleteGroup(string groupName);

    /// <summary>The groups, in order of name.</summary>
    [Alias("list"), RamAction("ram", "ListGroups", ActionAccess.Read, "group/*")]
    Task<RamGroupPage> ListGroups(MarkerRequest page);

    /// <summary>Makes a user a member.</summary>
    [Alias("add-user"), RamAction("ram", "AddUserToGroup", ActionAccess.Write, "user/{userName}", "group/{groupName}")]
    Task AddUserToGroup(string userName, string groupName);

    /// <summary>Ends a membership.</summary>
    [Alias("remove-user"), RamAction("ram", "RemoveUserFromGroup", ActionAccess.Write, "user/{userName}", "group/{groupName}")]
    Task RemoveUserFromGroup(string userName, string groupName);

    /// <summary>The groups of a user, in order of name.</summary>
    [Alias("list-for-user"), RamAction("ram", "ListGroupsForUser", ActionAccess.Read, "user/{userName}")]
    Task<RamMembership[]> ListGroupsForUser(string userName);

    /// <summary>The users of a group, in order of name.</summary>
    [Alias("list-users"), RamAction("ram", "ListUsersForGroup", ActionAccess.Read, "group/{groupName}")]
    Task<RamGroupMemberPage> ListUsersForGroup(string groupName, MarkerRequest page);
}

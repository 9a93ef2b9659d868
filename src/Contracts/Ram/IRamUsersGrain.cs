using Orleans.Kms.Access;

namespace Orleans.Kms.Ram;

/// <summary>The RAM users of an account and their access keys; the grain key is the account id. Failures are those that <see cref="RamErrors"/> names.</summary>
[Alias("kms.ram-users")]
public interface IRamUsersGrain : IGrainWithStringKey
{
    /// <summary>Makes a user. It has no rights at first.</summary>
    [Alias("create"), RamAction("ram", "CreateUser", ActionAccess.Write, "user/*")]
    Task<RamUser> CreateUser(RamUserSettings settings);

    /// <summary>A user.</summary>
    [Alias("get"), RamAction("ram", "GetUser", ActionAccess.Read, "user/{userName}")]
    Task<RamUser> GetUser(string userName);

    /// <summary>Changes a user; under a new name it keeps its id, access keys, groups and policies.</summary>
    [Alias("update"), RamAction("ram", "UpdateUser", ActionAccess.Write, "user/{userName}")]
    Task<RamUser> UpdateUser(string userName, RamUserSettings changes);

    /// <summary>Removes a user who has no access keys, groups and policies any more.</summary>
    [Alias("delete"), RamAction("ram", "DeleteUser", ActionAccess.Write, "user/{userName}")]
    Task DeleteUser(string userName);

    /// <summary>The users, in order of name.</summary>
    [Alias("list"), RamAction("ram", "ListUsers", ActionAccess.Read, "user/*")]
    Task<RamUserPage> ListUsers(MarkerRequest page);

    /// <summary>Makes an access key, Active at first. Without a name: for the caller itself.</summary>
    [Alias("create-access-key"), RamAction("ram", "CreateAccessKey", ActionAccess.Write, "user/{userName}")]
    Task<RamNewAccessKey> CreateAccessKey(string? userName);

    /// <summary>Switches an access key on or off; no call that starts after this has returned is judged by the old state.</summary>
    [Alias("update-access-key"), RamAction("ram", "UpdateAccessKey", ActionAccess.Write, "user/{userName}")]
    Task UpdateAccessKey(string? userName, string accessKeyId, bool isActive);

    /// <summary>Removes an access key; no call that starts after this has returned is let in with it.</summary>
    [Alias("delete-access-key"), RamAction("ram", "DeleteAccessKey", ActionAccess.Write, "user/{userName}")]
    Task DeleteAccessKey(string? userName, string accessKeyId);

    /// <summary>The access keys of a user, in order of creation.</summary>
    [Alias("list-access-keys"), RamAction("ram", "ListAccessKeys", ActionAccess.Read, "user/{userName}")]
    Task<RamAccessKey[]> ListAccessKeys(string? userName);

    /// <summary>When an access key was used last (UTC), to some minutes; null if never.</summary>
    [Alias("get-access-key-last-used"), RamAction("ram", "GetAccessKeyLastUsed", ActionAccess.Read, "user/{userName}")]
    Task<DateTimeOffset?> GetAccessKeyLastUsed(string? userName, string accessKeyId);
}

using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The side of an account's RAM grain that only the service itself calls; the grain key is the account id.</summary>
[Alias("kms.ram-service")]
internal interface IRamServiceGrain : IGrainWithStringKey
{
    /// <summary>
    /// A user with all policies that count for it, its groups' included; null if there is no such user. Waits for a change that is being made: what is returned is never older than
    /// the last change that was answered.
    /// </summary>
    [Alias("user-policies")]
    Task<IdentityPolicies?> PoliciesOfUser(string userId);

    /// <summary>A role with its policies; null if there is no such role. Waits likewise.</summary>
    [Alias("role-policies")]
    Task<IdentityPolicies?> PoliciesOfRole(string roleId);

    /// <summary>A user's id by its name; fails if there is no such user.</summary>
    [Alias("user-id")]
    Task<string> UserId(string userName);

    /// <summary>Returns when no change is being made that began before.</summary>
    [Alias("await-change")]
    Task AwaitChange();

    /// <summary>A role by its name, for a session; null if there is no such role.</summary>
    [Alias("assumable-role")]
    Task<RamRole?> AssumableRole(string roleName);

    /// <summary>Sees to it that an access key of the account root is in the lists.</summary>
    [Alias("list-root-access-key")]
    Task ListRootAccessKey(string accessKeyId, DateTimeOffset createdAt);

    /// <summary>Whether the account has an access key, of whomever, active or not.</summary>
    [Alias("has-access-key")]
    Task<bool> HasAccessKey();
}

/// <summary>An identity and what it may do.</summary>
/// <param name="Name">The user's or role's name.</param>
/// <param name="Policies">All that count, in the order in which they were attached, a user's own first.</param>
[GenerateSerializer, Immutable, Alias("kms.identity-policies")]
internal sealed record IdentityPolicies([property: Id(0)] string Name, [property: Id(1)] AttachedDocument[] Policies);

/// <summary>The default version of a policy, as it is attached.</summary>
/// <param name="Type">Whose policy it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="VersionId">The version that counts.</param>
/// <param name="Document">JSON.</param>
/// <param name="Group">The group through which it counts; null if it is the identity's own.</param>
[GenerateSerializer, Immutable, Alias("kms.attached-document")]
internal sealed record AttachedDocument(
    [property: Id(0)] PolicyType Type, [property: Id(1)] string Name, [property: Id(2)] string VersionId, [property: Id(3)] string Document, [property: Id(4)] string? Group);

using Orleans.Kms.Access;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Access;

/// <summary>Who calls, as a silo reads it from a <see cref="CallerToken"/>: the account root, a RAM user, or a session of a role.</summary>
/// <param name="AccountId">The caller's account, 16 digits.</param>
/// <param name="AccessKeyId">The access key that signed.</param>
/// <param name="UserId">The RAM user; null for the root and for sessions.</param>
/// <param name="Session">The session of a role; null for the root and for users.</param>
/// <param name="ExpiresAt">When the token ends.</param>
/// <param name="Facts">What the gateway saw.</param>
/// <param name="Nonce">The nonce of the request that made the caller known; null where there was none.</param>
internal sealed record Caller(
    string AccountId, string AccessKeyId, string? UserId, RoleSession? Session, DateTimeOffset ExpiresAt, RequestFacts Facts, UsedNonce? Nonce = null)
{
    /// <summary>Whether it is the account root.</summary>
    public bool IsRoot => UserId is null && Session is null;
}

/// <summary>A session of a role.</summary>
/// <param name="RoleId">The role. Its name is asked for when it is needed: the id is what ends with the role.</param>
/// <param name="Name">What the session was named when it began.</param>
/// <param name="Policy">The session policy, JSON; null if there is none.</param>
/// <param name="BegunAt">When it began (UTC); null if its token was made by a version that did not say.</param>
internal sealed record RoleSession(string RoleId, string Name, string? Policy, DateTimeOffset? BegunAt = null);

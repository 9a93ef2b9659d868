using Orleans.Kms.Access;

namespace Orleans.Kms.Grains.Access;

/// <summary>Who calls, as a silo reads it from a <see cref="CallerToken"/>.</summary>
/// <param name="AccountId">The caller's account, 16 digits.</param>
/// <param name="Principal">The caller's resource name, for example <c>acs:ram::ACCOUNT:root</c>.</param>
/// <param name="AccessKeyId">The access key that signed.</param>
/// <param name="ExpiresAt">When the token ends.</param>
/// <param name="Facts">What the gateway saw.</param>
internal sealed record Caller(string AccountId, string Principal, string AccessKeyId, DateTimeOffset ExpiresAt, RequestFacts Facts)
{
    /// <summary>The resource name of an account's root.</summary>
    public static string Root(string accountId) => $"acs:ram::{accountId}:root";
}

using Orleans.Concurrency;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Access;

/// <summary>One access key, by its id: checks signatures and remembers nonces.</summary>
[Alias("kms.access-key")]
public interface IAccessKeyGrain : IGrainWithStringKey
{
    /// <summary>Checks the time of <paramref name="request"/>, the access key itself, signature and nonce, in this order.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.AccessKeyNotFound"/>, <see cref="KmsErrorCode.AccessKeyInactive"/>, <see cref="KmsErrorCode.TimestampExpired"/>,
    /// <see cref="KmsErrorCode.SignatureMismatch"/>, <see cref="KmsErrorCode.NonceUsed"/> or <see cref="KmsErrorCode.Throttled"/>.
    /// </exception>
    [Alias("authenticate"), Unauthenticated, AlwaysInterleave]
    ValueTask<Authentication> Authenticate(SignedRequest request);
}

using Orleans.Kms.Errors;

namespace Orleans.Kms.Access;

/// <summary>One access key, by its id: checks signatures and remembers nonces.</summary>
[Alias("kms.access-key")]
public interface IAccessKeyGrain : IGrainWithStringKey
{
    /// <summary>Checks time, signature and nonce of <paramref name="request"/>, in this order after the key itself.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.AccessKeyNotFound"/>, <see cref="KmsErrorCode.AccessKeyInactive"/>, <see cref="KmsErrorCode.TimestampExpired"/>,
    /// <see cref="KmsErrorCode.SignatureMismatch"/>, <see cref="KmsErrorCode.NonceUsed"/> or <see cref="KmsErrorCode.Throttled"/>.
    /// </exception>
    [Alias("authenticate"), Unauthenticated]
    ValueTask<Authentication> Authenticate(SignedRequest request);
}

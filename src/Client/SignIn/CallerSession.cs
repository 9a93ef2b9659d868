using Orleans.Kms.Access;

namespace Orleans.Kms.Client.SignIn;

/// <summary>A sign-in that the service has accepted.</summary>
/// <param name="AccountId">The account of the access key, 16 digits.</param>
/// <param name="Token">What calls carry.</param>
/// <param name="BegunAt">When the sign-in was begun, as a timestamp of the clock; the token lives at least <see cref="CallerToken.Lifetime"/> from then on.</param>
internal sealed record CallerSession(string AccountId, CallerToken Token, long BegunAt);

using System.Security.Cryptography;
using System.Text;
using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>Makes temporary credentials. Holds nothing: all that is to be known of a session is in its security token.</summary>
[StatelessWorker, Reentrant]
internal sealed class StsGrain(CallerTokenSeal callers, SecurityTokenSeal securityTokens, RightsCache rights, SiloPass pass, AssumptionRate rate, TimeProvider clock) : Grain, IStsGrain
{
    private const int AccessKeyIdRandomLength = 25;
    private const int SecretLength = 44;

    public async Task<AssumedRole> AssumeRole(string roleArn, string roleSessionName, SessionSettings settings)
    {
        var arn = RoleArn.Parse(roleArn);
        SessionRules.Check(roleSessionName, settings);
        var (caller, identity) = await Caller();
        // Documented: the root has everything in its account already, and a role's session would take from it.
        if (identity.IsRoot) throw new KmsException(KmsErrorCode.RamNoPermission, "Roles may not be assumed by root accounts.");
        rate.Take(caller.AccountId);
        var role = await Ram(arn.AccountId).AssumableRole(arn.RoleName) ?? throw RamErrors.NotExist(RamErrors.Role, $"The role {arn.RoleName} does not exist.");
        RequireTrust(role, arn, caller, identity, settings.ExternalId);
        var seconds = SessionRules.Duration(settings.DurationSeconds, role.MaxSessionDuration);
        var now = clock.GetUtcNow();
        return Open(role, arn, roleSessionName, settings.Policy, now, now.AddSeconds(seconds));
    }

    public async Task<CallerIdentity> GetCallerIdentity()
    {
        var (caller, identity) = await Caller();
        var (account, arn) = (caller.AccountId, identity.PrincipalArn);
        if (caller.Session is { } session)
        {
            return new(IdentityType.AssumedRoleUser, account, $"{session.RoleId}:{session.Name}", session.RoleId, $"acs:ram::{account}:assumed-role/{identity.Name}/{session.Name}");
        }
        return caller.UserId is { } userId ? new(IdentityType.RamUser, account, userId, null, arn) : new(IdentityType.Account, account, account, null, arn);
    }

    private void RequireTrust(RamRole role, RoleArn arn, Caller caller, Rights identity, string? externalId)
    {
        var request = new AccessRequest
        {
            Action = "sts:AssumeRole",
            Resource = arn.Resource,
            PrincipalArn = identity.PrincipalArn,
            Now = clock.GetUtcNow(),
            SourceAddress = SourceAddress.Parse(caller.Facts.SourceIp),
            SecureTransport = caller.Facts.SecureTransport,
            ExternalId = externalId,
        };
        var trust = TrustPolicy.Parse(role.AssumeRolePolicyDocument, int.MaxValue);
        if (trust.Evaluate(caller.AccountId, identity.PrincipalArn, request) != Verdict.Allow) throw Denial.OfRole(arn.Resource);
    }

    private AssumedRole Open(RamRole role, RoleArn arn, string sessionName, string? policy, DateTimeOffset now, DateTimeOffset end)
    {
        // Answers tell whole seconds, and a session does not end before it is told to.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(end.ToUnixTimeSeconds());
        var id = AccessKeyId.TemporaryPrefix + RandomNumberGenerator.GetString(NewAccessKeyPair.LettersAndDigits, AccessKeyIdRandomLength);
        var secret = RandomNumberGenerator.GetString(NewAccessKeyPair.LettersAndDigits, SecretLength);
        var token = securityTokens.Seal(new(id, Encoding.ASCII.GetBytes(secret), arn.AccountId, new(role.RoleId, sessionName, policy, now), expiresAt));
        // Letters that JSON cannot hold as they are, such as pictographs, take six times their place.
        if (token.Length > SignedRequest.MaxSecurityTokenLength) throw RamErrors.Invalid("PolicySize", "The session policy takes too much room in the security token: use fewer letters beyond the basic plane.");
        return new(new(id, secret, token, expiresAt), $"{role.Arn}/{sessionName}", $"{role.RoleId}:{sessionName}");
    }

    // Who calls was let in a moment ago, so its rights are known, or are found again.
    private async ValueTask<(Caller Caller, Rights Rights)> Caller()
    {
        if (!callers.TryOpen(CallerToken.Current, out var caller)) throw new KmsException(KmsErrorCode.NotAuthenticated);
        if (!rights.TryGet(caller, out var known)) known = await rights.Find(caller);
        known.Require();
        return (caller, known);
    }

    private IRamServiceGrain Ram(string accountId)
    {
        pass.Attach();
        return GrainFactory.GetGrain<IRamServiceGrain>(accountId);
    }
}

using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Access;

/// <summary>What an access key stands for at the moment: an identity and its policies, or a refusal. Never changes; a change of the identity makes new ones.</summary>
internal sealed class Rights
{
    private readonly Func<KmsException>? _refusal;
    private readonly PolicySet? _session;
    private readonly PolicySet? _identity;

    private Rights(string principalArn, string name, PolicySet? identity, PolicySet? session, Func<KmsException>? refusal, int characters = 0)
    {
        (PrincipalArn, Name, _identity, _session, _refusal, Characters) = (principalArn, name, identity, session, refusal, characters);
        Needs = (identity?.Needs ?? RequestNeeds.None) | (session?.Needs ?? RequestNeeds.None);
    }

    /// <summary>The identity's name as a principal, for example <c>acs:ram::ACCOUNT:user/alice</c>; of a session that of its role.</summary>
    public string PrincipalArn { get; }

    /// <summary>The name of the user or role; empty for the account root.</summary>
    public string Name { get; }

    /// <summary>The length of all documents.</summary>
    public int Characters { get; }

    /// <summary>What the policies look at.</summary>
    public RequestNeeds Needs { get; }

    /// <summary>Whether no policy counts: the account root.</summary>
    public bool IsRoot => _identity is null;

    /// <summary>The account root: everything in its own account.</summary>
    public static Rights OfRoot(string accountId) => new($"acs:ram::{accountId}:root", "", null, null, null);

    /// <summary>A user.</summary>
    public static Rights OfUser(string accountId, IdentityPolicies user) => new($"acs:ram::{accountId}:user/{user.Name}", user.Name, Compile(user), null, null, Length(user));

    /// <summary>A session of a role: what both the role's policies and the session policy, if there is one, allow.</summary>
    public static Rights OfSession(string accountId, IdentityPolicies role, string? sessionPolicy) => new(
        $"acs:ram::{accountId}:role/{role.Name}", role.Name, Compile(role),
        sessionPolicy is null ? null : new([new("Session", "", "", PolicyDocument.Parse(sessionPolicy, Orleans.Kms.Ram.SessionSettings.MaxPolicyLength))]), null,
        Length(role) + (sessionPolicy?.Length ?? 0));

    /// <summary>An access key that is good for nothing any more.</summary>
    public static Rights None(Func<KmsException> refusal, string name = "") => new("", name, new([]), null, refusal);

    /// <summary>Fails if the access key is good for nothing any more.</summary>
    public void Require()
    {
        if (_refusal is not null) throw _refusal();
    }

    /// <summary>Whether the request is allowed. The session policy goes first: what it does not allow, nothing else can.</summary>
    public Verdict Evaluate(in AccessRequest request)
    {
        if (_identity is null) return Verdict.Allow;
        if (_session?.Evaluate(request) is { } verdict and not Verdict.Allow) return verdict;
        return _identity.Evaluate(request);
    }

    private static int Length(IdentityPolicies identity) => identity.Policies.Sum(policy => policy.Document.Length);

    private static PolicySet Compile(IdentityPolicies identity) => new([.. identity.Policies.Select(policy =>
        new NamedPolicy(policy.Type.ToString(), policy.Name, policy.VersionId, PolicyDocument.Parse(policy.Document, int.MaxValue)))]);
}

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The trust policy of a role: who may assume it.</summary>
internal sealed class TrustPolicy
{
    private readonly ParsedStatement[] _statements;

    private TrustPolicy(IReadOnlyList<ParsedStatement> statements) => _statements = [.. statements];

    /// <summary>Reads a document of at most <paramref name="maxLength"/> characters.</summary>
    /// <exception cref="PolicyFormatException">The document is malformed.</exception>
    public static TrustPolicy Parse(string json, int maxLength) => new(PolicyParser.Parse(json, maxLength, DocumentKind.Trust));

    /// <summary>The verdict on a caller. Allocates nothing.</summary>
    /// <param name="callerAccountId">The caller's account.</param>
    /// <param name="callerArn">The caller, <c>acs:ram::A:user/x</c> or <c>acs:ram::A:role/x</c>; of a role session its role.</param>
    /// <param name="request">The action is <c>sts:AssumeRole</c>; the resource has no part in it.</param>
    public Verdict Evaluate(string callerAccountId, string callerArn, in AccessRequest request)
    {
        var verdict = Verdict.ImplicitDeny;
        foreach (var (statement, principals) in _statements)
        {
            if (!principals!.Include(callerAccountId, callerArn) || !statement.Matches(in request)) continue;
            if (statement.Effect == Effect.Deny) return Verdict.ExplicitDeny;
            verdict = Verdict.Allow;
        }
        return verdict;
    }
}

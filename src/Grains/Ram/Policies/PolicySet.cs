namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>All policies of one identity, or the one of a session. The order of policies and statements has no influence on the verdict.</summary>
internal sealed class PolicySet
{
    private readonly Entry[] _denies;
    private readonly Entry[] _allows;

    /// <summary>A set of these policies; without any it refuses everything.</summary>
    public PolicySet(IReadOnlyList<NamedPolicy> policies)
    {
        var entries = policies.SelectMany(policy => policy.Document.Statements.Select((statement, index) => new Entry(policy, index + 1, statement))).ToList();
        _denies = [.. entries.Where(entry => entry.Statement.Effect == Effect.Deny)];
        _allows = [.. entries.Where(entry => entry.Statement.Effect == Effect.Allow)];
        Needs = entries.Aggregate(RequestNeeds.None, (needs, entry) => needs | entry.Statement.Needs);
    }

    /// <summary>What the policies look at beside action, resource, principal and clock.</summary>
    public RequestNeeds Needs { get; }

    /// <summary>The verdict on a request. Allocates nothing.</summary>
    public Verdict Evaluate(in AccessRequest request)
    {
        if (First(_denies, in request) is not null) return Verdict.ExplicitDeny;
        return First(_allows, in request) is null ? Verdict.ImplicitDeny : Verdict.Allow;
    }

    /// <summary>The verdict on a request and the first statement, in the order of the policies, that leads to it.</summary>
    public Decision Explain(in AccessRequest request)
    {
        var verdict = Evaluate(in request);
        var entry = verdict == Verdict.ExplicitDeny ? First(_denies, in request) : First(_allows, in request);
        return new(verdict, entry?.Policy, entry?.Number);
    }

    private static Entry? First(Entry[] entries, in AccessRequest request)
    {
        foreach (var entry in entries)
        {
            if (entry.Statement.Matches(in request)) return entry;
        }
        return null;
    }

    private sealed record Entry(NamedPolicy Policy, int Number, Statement Statement);
}

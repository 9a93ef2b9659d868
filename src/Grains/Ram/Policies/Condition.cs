namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// One key of one operator with its values. It holds if one of the values matches the request's, negated if none does.
/// A request's value that is absent or not of the operator's type matches nothing.
/// </summary>
internal abstract class Condition(ConditionKey key, bool isNegated)
{
    /// <summary>What the condition compares with its values.</summary>
    public ConditionKey Key { get; } = key;

    /// <summary>Whether a request fulfils the condition.</summary>
    public bool Holds(in AccessRequest request) => Matches(in request) != isNegated;

    /// <summary>Whether the request has a value that matches one of the condition's. Allocates nothing.</summary>
    protected abstract bool Matches(in AccessRequest request);
}

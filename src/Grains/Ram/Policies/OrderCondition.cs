namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The operators on what has an order: numbers and dates.</summary>
internal abstract class OrderCondition<T>(ConditionKey key, bool isNegated, Comparison comparison, T[] values) : Condition(key, isNegated) where T : struct, IComparable<T>
{
    protected override bool Matches(in AccessRequest request)
    {
        if (Value(in request) is not { } actual) return false;
        foreach (var value in values)
        {
            if (IsMet(actual.CompareTo(value))) return true;
        }
        return false;
    }

    /// <summary>The request's value; null if it is absent or of another type.</summary>
    protected abstract T? Value(in AccessRequest request);

    private bool IsMet(int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };
}

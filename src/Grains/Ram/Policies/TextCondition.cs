namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>String operators that compare for equality, and Bool, whose values have one spelling each.</summary>
internal sealed class TextCondition(ConditionKey key, bool isNegated, StringComparison comparison, string[] values) : Condition(key, isNegated)
{
    protected override bool Matches(in AccessRequest request)
    {
        if (Key.Text(in request) is not { } text) return false;
        foreach (var value in values)
        {
            if (string.Equals(text, value, comparison)) return true;
        }
        return false;
    }
}

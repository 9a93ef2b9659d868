namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>StringLike and StringNotLike.</summary>
internal sealed class LikeCondition(ConditionKey key, bool isNegated, WildcardPattern[] values) : Condition(key, isNegated)
{
    protected override bool Matches(in AccessRequest request)
    {
        if (Key.Text(in request) is not { } text) return false;
        foreach (var value in values)
        {
            if (value.Matches(text)) return true;
        }
        return false;
    }
}

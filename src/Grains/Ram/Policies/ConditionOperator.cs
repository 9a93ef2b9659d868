namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>An operator of conditions. There are no others: no <c>...IfExists</c>, <c>ForAnyValue:</c> or <c>Null</c>.</summary>
internal sealed record ConditionOperator(string Name, OperatorFamily Family, bool IsNegated = false, Comparison Comparison = Comparison.Equal)
{
    private static readonly Dictionary<string, ConditionOperator> All = new ConditionOperator[]
    {
        new("StringEquals", OperatorFamily.Text),
        new("StringNotEquals", OperatorFamily.Text, IsNegated: true),
        new("StringEqualsIgnoreCase", OperatorFamily.TextIgnoringCase),
        new("StringNotEqualsIgnoreCase", OperatorFamily.TextIgnoringCase, IsNegated: true),
        new("StringLike", OperatorFamily.Like),
        new("StringNotLike", OperatorFamily.Like, IsNegated: true),
        new("NumericEquals", OperatorFamily.Numeric),
        new("NumericNotEquals", OperatorFamily.Numeric, IsNegated: true),
        new("NumericLessThan", OperatorFamily.Numeric, Comparison: Comparison.Less),
        new("NumericLessThanEquals", OperatorFamily.Numeric, Comparison: Comparison.LessOrEqual),
        new("NumericGreaterThan", OperatorFamily.Numeric, Comparison: Comparison.Greater),
        new("NumericGreaterThanEquals", OperatorFamily.Numeric, Comparison: Comparison.GreaterOrEqual),
        new("DateEquals", OperatorFamily.Date),
        new("DateNotEquals", OperatorFamily.Date, IsNegated: true),
        new("DateLessThan", OperatorFamily.Date, Comparison: Comparison.Less),
        new("DateLessThanEquals", OperatorFamily.Date, Comparison: Comparison.LessOrEqual),
        new("DateGreaterThan", OperatorFamily.Date, Comparison: Comparison.Greater),
        new("DateGreaterThanEquals", OperatorFamily.Date, Comparison: Comparison.GreaterOrEqual),
        new("Bool", OperatorFamily.Bool),
        new("IpAddress", OperatorFamily.Address),
        new("NotIpAddress", OperatorFamily.Address, IsNegated: true),
    }.ToDictionary(item => item.Name);

    /// <summary>The operator of that name, in its exact spelling.</summary>
    public static ConditionOperator? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>
    /// Whether the operator can compare a key at all. Clock and address have no one spelling, so that a comparison of text would hold or not by accident: refused rather than
    /// never true. What a text means (the value of a tag, say) shows in the request only.
    /// </summary>
    public bool Compares(ConditionKey key) => (!key.IsCurrentTime || Family == OperatorFamily.Date) && (!key.IsSourceIp || Family == OperatorFamily.Address);
}

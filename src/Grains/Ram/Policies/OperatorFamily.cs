namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>What a condition operator takes its values for.</summary>
internal enum OperatorFamily
{
    /// <summary>Texts, equal character by character; wildcards have no meaning.</summary>
    Text,

    /// <summary>Texts, equal but for the case of letters.</summary>
    TextIgnoringCase,

    /// <summary>Texts with wildcards.</summary>
    Like,
    Numeric,
    Date,
    Bool,
    Address,
}

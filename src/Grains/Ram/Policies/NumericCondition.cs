using System.Globalization;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The Numeric operators.</summary>
internal sealed class NumericCondition(ConditionKey key, bool isNegated, Comparison comparison, decimal[] values) : OrderCondition<decimal>(key, isNegated, comparison, values)
{
    // The framework's parser takes zero characters behind a number for its end.
    /// <summary>The number that a text is: decimal, with sign and fraction, without exponent; null if it is none.</summary>
    public static decimal? Parse(ReadOnlySpan<char> text) =>
        !text.Contains('\0') && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    protected override decimal? Value(in AccessRequest request) => Parse(Key.Text(in request));
}

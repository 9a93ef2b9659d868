using System.Globalization;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The Date operators.</summary>
internal sealed class DateCondition(ConditionKey key, bool isNegated, Comparison comparison, DateTimeOffset[] values) : OrderCondition<DateTimeOffset>(key, isNegated, comparison, values)
{
    private static readonly string[] Utc = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm'Z'"];
    private static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mmzzz"];

    /// <summary>The moment that a text is: ISO 8601 to the minute or finer, with <c>Z</c> or an offset such as <c>+08:00</c>; null if it is none.</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        var formats = text.EndsWith('Z') ? Utc : WithOffset;
        // The framework's parser would also take +8:00 and +0800.
        if (formats == WithOffset && (text.Length < 6 || text[^6] is not ('+' or '-') || text[^3] != ':')) return null;
        return DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
    }

    protected override DateTimeOffset? Value(in AccessRequest request) => Key.IsCurrentTime ? request.Now : Parse(Key.Text(in request));
}

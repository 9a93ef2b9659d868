namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>What Action and NotAction list: <c>service:Name</c> with wildcards, or <c>*</c>; letter case does not matter.</summary>
internal static class ActionPattern
{
    /// <summary>The pattern, or null if the text is malformed.</summary>
    public static WildcardPattern? Parse(string text) => text == "*" || IsPair(text) ? new(text, ignoreCase: true) : null;

    private static bool IsPair(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && IsName(text[..colon]) && IsName(text[(colon + 1)..]);
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"*?-_./".Contains(c, StringComparison.Ordinal)) return false;
        }
        return !text.IsEmpty;
    }
}

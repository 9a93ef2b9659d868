using System.Globalization;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A policy document is malformed. The message says where and what is wrong: <c>line 3, column 17: unknown operator StringEqual</c>.</summary>
internal sealed class PolicyFormatException : Exception
{
    private const int MaxShown = 64;

    private PolicyFormatException(int line, int column, string problem) : base($"line {line}, column {column}: {problem}")
    {
        Line = line;
        Column = column;
    }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>From 1, in UTF-16 units as the length limits are.</summary>
    public int Column { get; }

    /// <summary>A problem at the character <paramref name="index"/> of a document, which may be its end.</summary>
    public static PolicyFormatException At(ReadOnlySpan<char> json, int index, string problem)
    {
        var before = json[..index];
        return new(before.Count('\n') + 1, index - before.LastIndexOf('\n'), problem);
    }

    /// <summary>What a document holds, fit to stand in a message: not too long, without what is not visible.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        var shown = text.Length <= MaxShown ? text.ToString() : $"{text[..MaxShown]}...";
        return string.Create(shown.Length, shown, (characters, source) =>
        {
            for (var i = 0; i < characters.Length; i++) characters[i] = IsShown(source[i]) ? source[i] : '?';
        });
    }

    private static bool IsShown(char c) => char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

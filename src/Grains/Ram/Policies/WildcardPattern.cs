using System.Text;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// A text in which <c>*</c> stands for any run of characters, also none, and <c>?</c> for exactly one. A pair of surrogates is one character.
/// Matching allocates nothing and takes at most as many steps as the product of both lengths.
/// </summary>
internal sealed class WildcardPattern
{
    private enum Form { Any, Literal, Prefix, General }

    private readonly string _text;
    private readonly Form _form;
    private readonly bool _ignoreCase;

    /// <summary>Compiles a pattern; <paramref name="ignoreCase"/> ignores the case of ASCII letters and of no others.</summary>
    public WildcardPattern(string text, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        _text = ignoreCase ? Lower(text) : text;
        _form = FormOf(_text);
        if (_form == Form.Prefix) _text = _text[..^1];
    }

    /// <summary>Whether a whole text is what the pattern describes.</summary>
    public bool Matches(ReadOnlySpan<char> text) => _form switch
    {
        Form.Any => true,
        Form.Literal => IsEqual(text),
        Form.Prefix => text.Length >= _text.Length && IsEqual(text[.._text.Length]),
        _ => MatchesGeneral(text),
    };

    private static Form FormOf(string text)
    {
        if (text == "*") return Form.Any;
        return text.AsSpan().IndexOfAny('*', '?') switch
        {
            < 0 => Form.Literal,
            var first when first == text.Length - 1 && text[first] == '*' => Form.Prefix,
            _ => Form.General,
        };
    }

    private bool IsEqual(ReadOnlySpan<char> text) => _ignoreCase ? Ascii.EqualsIgnoreCase(text, _text) : text.SequenceEqual(_text);

    // Only the last star has to be tried again: what stands before it has been matched as early as possible, so no other choice leaves more of the text.
    private bool MatchesGeneral(ReadOnlySpan<char> text)
    {
        var (at, next) = (0, 0);
        var (star, resume) = (-1, 0);
        while (at < text.Length)
        {
            if (next < _text.Length && _text[next] == '*') (star, resume) = (next++, at);
            else if (next < _text.Length && Step(text, at, _text[next]) is var step and > 0) (at, next) = (at + step, next + 1);
            else if (star >= 0) (at, next) = (++resume, star + 1);
            else return false;
        }
        return _text.AsSpan(next).TrimStart('*').IsEmpty;
    }

    // How much of the text one character of the pattern takes; 0 if it does not match.
    private int Step(ReadOnlySpan<char> text, int at, char pattern)
    {
        var c = text[at];
        if (pattern == '?') return char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return c == pattern || _ignoreCase && char.IsAsciiLetterUpper(c) && (c | 0x20) == pattern ? 1 : 0;
    }

    private static string Lower(string text) => string.Create(text.Length, text, (lower, source) =>
    {
        for (var i = 0; i < lower.Length; i++) lower[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
    });
}

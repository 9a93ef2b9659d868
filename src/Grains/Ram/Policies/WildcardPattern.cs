using System.Text;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// A text in which <c>*</c> stands for any run of characters, also none, and <c>?</c> for exactly one. A pair of surrogates is one character.
/// Matching allocates nothing and compares at most as many characters as the product of both lengths.
/// </summary>
internal sealed class WildcardPattern
{
    private enum Form { Any, Literal, Prefix, General }

    private readonly string _text;
    private readonly Form _form;
    private readonly bool _ignoreCase;

    /// <summary>Compiles a pattern, which must be ASCII if <paramref name="ignoreCase"/> is set: no other letters have a case then.</summary>
    public WildcardPattern(string text, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        _form = FormOf(text);
        _text = _form == Form.Prefix ? text[..^1] : text;
    }

    /// <summary>Whether a whole text is what the pattern describes.</summary>
    public bool Matches(ReadOnlySpan<char> text) => _form switch
    {
        Form.Any => true,
        Form.Literal => IsEqual(text, _text),
        Form.Prefix => BeginsWith(text, _text),
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

    // Only the last star has to be tried again: what stands before it has been matched as early as possible, so no other choice leaves more of the text.
    private bool MatchesGeneral(ReadOnlySpan<char> text)
    {
        var (at, next) = (0, 0);
        var (star, resume) = (-1, 0);
        while (at < text.Length)
        {
            if (next < _text.Length && _text[next] == '*') (star, resume) = (next++, at);
            else if (Step(text[at..], _text.AsSpan(next)) is var step && step.Pattern > 0) (at, next) = (at + step.Text, next + step.Pattern);
            else if (star >= 0) (at, next) = (++resume, star + 1);
            else return false;
        }
        return _text.AsSpan(next).TrimStart('*').IsEmpty;
    }

    // How much of text and pattern match at once: a question mark, or all characters before the next wildcard, which many can be compared in one instruction. Otherwise zero.
    private (int Text, int Pattern) Step(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        if (pattern.IsEmpty) return (0, 0);
        if (pattern[0] == '?') return (text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1, 1);
        var wildcard = pattern.IndexOfAny('*', '?');
        var run = wildcard < 0 ? pattern : pattern[..wildcard];
        return BeginsWith(text, run) ? (run.Length, run.Length) : (0, 0);
    }

    private bool BeginsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> run) => text.Length >= run.Length && IsEqual(text[..run.Length], run);

    private bool IsEqual(ReadOnlySpan<char> text, ReadOnlySpan<char> other) => _ignoreCase ? Ascii.EqualsIgnoreCase(text, other) : text.SequenceEqual(other);
}

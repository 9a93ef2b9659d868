using System.Text;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// A text in which <c>*</c> stands for any run of characters, also none, and <c>?</c> for exactly one. A pair of surrogates is one character.
/// Matching allocates nothing and compares at most as many characters as the product of both lengths, most of them many at once.
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
        _text = _form == Form.Prefix ? text[..^1] : Ordered(text);
    }

    /// <summary>Whether the text has to be searched for a part of the pattern, which takes time where both are long.</summary>
    public bool Searches => _form == Form.General && _text.Contains('*', StringComparison.Ordinal);

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

    // A star and a question mark mean the same in either order; so that what follows a star is a character to look for, the question mark goes first.
    private static string Ordered(string text)
    {
        while (text.Contains("*?", StringComparison.Ordinal)) text = text.Replace("*?", "?*", StringComparison.Ordinal);
        return text;
    }

    // What stands between two stars is matched as early as possible: no other choice leaves more of the text.
    private bool MatchesGeneral(ReadOnlySpan<char> text)
    {
        var pattern = _text.AsSpan();
        var star = pattern.IndexOf('*');
        if (star < 0) return Length(text, pattern) == text.Length;
        var begin = Length(text, pattern[..star]);
        if (begin < 0) return false;
        text = text[begin..];
        for (pattern = pattern[(star + 1)..]; (star = pattern.IndexOf('*')) >= 0; pattern = pattern[(star + 1)..])
        {
            if (!GoBehind(ref text, pattern[..star])) return false;
        }
        return EndsWith(text, pattern);
    }

    // Behind the first place where the run, which has no star and begins with no question mark, stands.
    private bool GoBehind(ref ReadOnlySpan<char> text, ReadOnlySpan<char> run)
    {
        if (run.IsEmpty) return true;
        var (at, length) = _ignoreCase || run.Contains('?') ? Find(text, run) : (text.IndexOf(run), run.Length);
        if (at < 0) return false;
        text = text[(at + length)..];
        return true;
    }

    private (int At, int Length) Find(ReadOnlySpan<char> text, ReadOnlySpan<char> run)
    {
        for (var at = 0; at <= text.Length - run.Length; at++)
        {
            if (IsEqual(run[0], text[at]) && Length(text[at..], run) is >= 0 and var length) return (at, length);
        }
        return (-1, 0);
    }

    private bool EndsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> run)
    {
        var last = text.Length - run.Length;
        // Every question mark may stand for a pair.
        for (var at = Math.Max(0, last - run.Count('?')); at <= last; at++)
        {
            if (Length(text[at..], run) == text.Length - at) return true;
        }
        return false;
    }

    // How much of the text's begin the run without stars takes; negative if it is not there.
    private int Length(ReadOnlySpan<char> text, ReadOnlySpan<char> run)
    {
        var at = 0;
        while (!run.IsEmpty)
        {
            var literal = LiteralOf(run);
            if (!BeginsWith(text[at..], literal)) return -1;
            at += literal.Length;
            run = run[literal.Length..];
            if (run.IsEmpty) break;
            if (at == text.Length) return -1;
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
            run = run[1..];
        }
        return at;
    }

    private static ReadOnlySpan<char> LiteralOf(ReadOnlySpan<char> run)
    {
        var mark = run.IndexOf('?');
        return mark < 0 ? run : run[..mark];
    }

    private bool BeginsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> run) => text.Length >= run.Length && IsEqual(text[..run.Length], run);

    private bool IsEqual(ReadOnlySpan<char> text, ReadOnlySpan<char> other) => _ignoreCase ? Ascii.EqualsIgnoreCase(text, other) : text.SequenceEqual(other);

    private bool IsEqual(char one, char other) => one == other || _ignoreCase && char.IsAsciiLetter(one) && (one ^ other) == 0x20;
}

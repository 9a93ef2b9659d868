using System.Text;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class WildcardPatternTests
{
    [Theory]
    [InlineData("", "", true), InlineData("", "a", false)]
    [InlineData("*", "", true), InlineData("*", "a/b:c", true), InlineData("**", "", true), InlineData("**", "ab", true)]
    [InlineData("?", "", false), InlineData("?", "a", true), InlineData("?", "ab", false), InlineData("??", "a", false), InlineData("?*", "", false), InlineData("*?", "a", true)]
    [InlineData("abc", "abc", true), InlineData("abc", "ab", false), InlineData("abc", "abcd", false), InlineData("abc", "Abc", false)]
    [InlineData("ab*", "ab", true), InlineData("ab*", "abc", true), InlineData("ab*", "a", false), InlineData("ab*", "xab", false)]
    [InlineData("*ab", "ab", true), InlineData("*ab", "abab", true), InlineData("*ab", "aba", false)]
    [InlineData("a*b", "ab", true), InlineData("a*b", "a/x:y/b", true), InlineData("a*b", "abx", false), InlineData("a*b*c", "aXbXbXc", true), InlineData("a*b*c", "aXcXb", false)]
    [InlineData("a?c", "abc", true), InlineData("a?c", "ac", false), InlineData("a?c", "a:c", true), InlineData("*a?b", "aaab", true), InlineData("*a?b", "aab", true)]
    [InlineData("*a?b", "ab", false)]
    [InlineData("*aab", "aaaab", true), InlineData("*aab*aab", "aabaab", true), InlineData("*aab*aab", "aaab", false), InlineData("a**b", "ab", true)]
    [InlineData("[a-z]+.", "[a-z]+.", true), InlineData("a.c", "abc", false), InlineData("\\*", "\\anything", true), InlineData("\\*", "*", false)]
    public void A_star_is_any_run_and_a_question_mark_one_character(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new WildcardPattern(pattern, ignoreCase: false).Matches(text));

    [Theory]
    [InlineData("?", "😀", true), InlineData("??", "😀", false), InlineData("*??", "😀", false), InlineData("*???", "😀😀", false), InlineData("*??", "😀😀", true)]
    [InlineData("a?b", "a😀b", true), InlineData("a*b", "a😀b", true), InlineData("*😀", "😀😀", true)]
    public void A_pair_of_surrogates_is_one_character(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new WildcardPattern(pattern, ignoreCase: false).Matches(text));

    [Fact]
    public void Half_of_a_pair_counts_as_one_character() => Assert.True(new WildcardPattern("?", ignoreCase: false).Matches("\ud83d"));

    // Short texts of few characters, so that all ways of going wrong come up: every pattern against every text, in the words of the rules.
    [Theory, InlineData("ab*?", "ab"), InlineData("a😀*?", "a😀")]
    public void Every_short_pattern_matches_what_the_rules_say(string patterns, string texts)
    {
        var all = Words(texts, 5).ToList();
        foreach (var pattern in Words(patterns, 5))
        {
            var (exact, ignoring) = (new WildcardPattern(pattern, ignoreCase: false), new WildcardPattern(pattern, ignoreCase: true));
            foreach (var text in all)
            {
                var expected = Wild([.. pattern.EnumerateRunes()], [.. text.EnumerateRunes()]);
                Assert.True(exact.Matches(text) == expected && (!Ascii.IsValid(pattern) || ignoring.Matches(text.ToUpperInvariant()) == expected), $"{pattern} against {text}");
            }
        }
    }

    private static IEnumerable<string> Words(string alphabet, int longest) =>
        longest == 0 ? [""] : Words(alphabet, longest - 1).SelectMany(word => alphabet.EnumerateRunes().Select(rune => word + rune)).Append("").Concat(Words(alphabet, longest - 1)).Distinct();

    private static bool Wild(ReadOnlySpan<Rune> pattern, ReadOnlySpan<Rune> text)
    {
        if (pattern.IsEmpty) return text.IsEmpty;
        if (pattern[0].Value == '*') return Wild(pattern[1..], text) || !text.IsEmpty && Wild(pattern, text[1..]);
        return !text.IsEmpty && (pattern[0].Value == '?' || pattern[0] == text[0]) && Wild(pattern[1..], text[1..]);
    }

    // The dotless i and the Kelvin sign have ASCII letters as their other case in some languages.
    [Theory]
    [InlineData("kms:Encrypt", "KMS:eNCRYPT", true), InlineData("kms:En*", "KMS:ENCRYPT", true), InlineData("KMS:*crypt", "kms:DeCRYPT", true), InlineData("k?s:*", "KMS:X", true)]
    [InlineData("kms:List", "kms:L\u0131st", false), InlineData("kms:*", "\u212ams:List", false), InlineData("*ms:@", "kms:`", false), InlineData("*[", "{", false)]
    [InlineData("*ms:Get*y", "KMS:GETPUBLICKEY", true), InlineData("*", "Ä", true), InlineData("*y?", "yÄ", true)]
    public void Case_is_ignored_of_ascii_letters_only(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new WildcardPattern(pattern, ignoreCase: true).Matches(text));
}

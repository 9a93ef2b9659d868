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

    // The dotless i and the Kelvin sign have ASCII letters as their other case in some languages.
    [Theory]
    [InlineData("kms:Encrypt", "KMS:eNCRYPT", true), InlineData("kms:En*", "KMS:ENCRYPT", true), InlineData("KMS:*crypt", "kms:DeCRYPT", true), InlineData("k?s:*", "KMS:X", true)]
    [InlineData("kms:List", "kms:L\u0131st", false), InlineData("kms:*", "\u212ams:List", false), InlineData("*ms:@", "kms:`", false), InlineData("*[", "{", false)]
    [InlineData("*ms:Get*y", "KMS:GETPUBLICKEY", true), InlineData("*", "Ä", true), InlineData("*y?", "yÄ", true)]
    public void Case_is_ignored_of_ascii_letters_only(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new WildcardPattern(pattern, ignoreCase: true).Matches(text));
}

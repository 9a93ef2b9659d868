using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class PolicyLimitsTests
{
    private static readonly string Shortest = Asking.Document(Asking.Statement("Allow", "*", "*"));

    [Fact]
    public void A_document_may_be_as_long_as_the_limit_and_no_longer()
    {
        Assert.Single(PolicyDocument.Parse(Shortest, Shortest.Length).Statements);
        var refusal = Refusal(Shortest + " ", Shortest.Length);
        Assert.Equal((1, Shortest.Length + 1), (refusal.Line, refusal.Column));
        Assert.EndsWith($"the document is longer than {Shortest.Length} characters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statements_have_a_limit()
    {
        Assert.Equal(100, PolicyDocument.Parse(Statements(100), int.MaxValue).Statements.Count);
        Assert.EndsWith("the document has more than 100 statements", Refusal(Statements(101)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_one_list_have_a_limit()
    {
        Assert.Single(PolicyDocument.Parse(Actions(500), int.MaxValue).Statements);
        Assert.EndsWith("Action has more than 500 values", Refusal(Actions(501)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_of_one_statement_have_a_limit_over_all_operators()
    {
        Assert.Single(PolicyDocument.Parse(Conditions(25, 25), int.MaxValue).Statements);
        Assert.EndsWith("the statement has more than 50 conditions", Refusal(Conditions(25, 26)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"kms:PATTERN","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"acs:kms:::PATTERN"}""")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"kms:tag/a":"PATTERN"}}}""")]
    public void Wildcards_of_one_value_have_a_limit(string statement)
    {
        var document = Asking.Document(statement);
        Assert.Single(PolicyDocument.Parse(document.Replace("PATTERN", Wildcards(16), StringComparison.Ordinal), int.MaxValue).Statements);
        Assert.EndsWith("the value has more than 16 wildcards", Refusal(document.Replace("PATTERN", Wildcards(17), StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    // A star at the end, or none, costs no search.
    [Fact]
    public void Patterns_that_texts_are_searched_for_have_a_limit_over_all_statements()
    {
        Assert.Equal(2, PolicyDocument.Parse(Likes(25, 25), int.MaxValue).Statements.Count);
        Assert.EndsWith("the document has more than 50 patterns of StringLike with a * before their end", Refusal(Likes(25, 26)).Message, StringComparison.Ordinal);
        Assert.Single(PolicyDocument.Parse(Asking.Document(Like(500, "a*")), int.MaxValue).Statements);
    }

    // Every star that has to be tried again would double the work of a matcher that tries all of them again.
    [Fact]
    public void Stars_do_not_multiply_the_work()
    {
        var pattern = new WildcardPattern(string.Concat(Enumerable.Repeat("*a", 3072)) + "b", ignoreCase: false);
        Assert.False(pattern.Matches(new string('a', 6144)));
        Assert.True(pattern.Matches(new string('a', 6144) + "b"));
    }

    private static PolicyFormatException Refusal(string document, int maxLength = int.MaxValue) => Assert.Throws<PolicyFormatException>(() => PolicyDocument.Parse(document, maxLength));

    private static string Statements(int count) => Asking.Document([.. Enumerable.Repeat(Asking.Statement("Allow", "*", "*"), count)]);

    private static string Actions(int count) => Asking.Document($$"""{"Effect":"Allow","Action":[{{string.Join(',', Enumerable.Repeat("\"*\"", count))}}],"Resource":"*"}""");

    private static string Conditions(int equal, int like) =>
        Asking.Document(Asking.Statement("Allow", "*", "*", $$$"""{"StringEquals":{ {{{Keys(equal)}}} },"StringLike":{ {{{Keys(like)}}} }}"""));

    private static string Likes(int first, int second) => Asking.Document(Like(first, "*a?b"), Like(second, "a*b*"));

    private static string Like(int count, string pattern) =>
        Asking.Statement("Allow", "*", "*", $$"""{"StringLike":{"kms:tag/a":[ {{string.Join(',', Enumerable.Repeat('"' + pattern + '"', count))}} ]} }""");

    private static string Keys(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"kms:tag/{i}\":\"x\""));

    private static string Wildcards(int count) => string.Concat(Enumerable.Range(0, count).Select(i => i % 2 == 0 ? "*x" : "?x"));
}

using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class GrammarTests
{
    private const string Rest = "\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"";

    [Theory]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""")]
    [InlineData("""{"Statement":[{"Resource":["*"],"Condition":{"Bool":{"acs:SecureTransport":"true"}},"NotAction":["kms:*"],"Effect":"Deny"}],"Version":"1"}""")]
    [InlineData(" \r\n\t{ \"Version\" : \"1\" , \"Statement\" : [ { \"Effect\" : \"Allow\" , \"Action\" : [ \"kms:*\" ] , \"Resource\" : [ \"*\" ] } ] } \n")]
    [InlineData("""{"\u0056ersion":"1","Statement":[{"Effect":"\u0041llow","Action":"kms:Get?ublicKey","Resource":"acs:kms:*"}]}""")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*:List*","Resource":["acs:oss:*:*:bucket/a b/\ud83d\ude00","acs:*","acs:kms:cn-*"]}]}""")]
    public void A_document_of_the_grammar_is_accepted(string document) => Assert.Single(PolicyDocument.Parse(document, 1000).Statements);

    // A caret stands where the refusal must point to.
    [Theory]
    [InlineData("^", "the document ends too early")]
    [InlineData("{\"Version\":\"1\"^", "the document ends too early")]
    [InlineData("{\n \"Version\" ^\"1\"}", "unexpected character \", this is no JSON")]
    [InlineData("{\"Version\":\"1\",^}", "unexpected character }, this is no JSON")]
    [InlineData("{^/* why */\"Version\":\"1\"}", "unexpected character /, this is no JSON")]
    [InlineData("^\ufeff{}", "unexpected character ?, this is no JSON")]
    [InlineData("{\"Version\":tru^}", "unexpected character }, this is no JSON")]
    [InlineData("^[]", "the document must be an object")]
    [InlineData("^\"text\"", "the document must be an object")]
    [InlineData("{^}", "the document has no Version")]
    [InlineData("{\"Version\":\"1\"^}", "the document has no Statement")]
    [InlineData("{\"Version\":^\"2\"}", "Version must be \"1\"")]
    [InlineData("{\"Version\":^1}", "Version must be a string")]
    [InlineData("{\"Version\":^null}", "Version must be a string")]
    [InlineData("{\"Version\":\"1\",^\"Version\":\"1\"}", "Version stands here twice")]
    [InlineData("{\"Version\":\"1\",^\"\\u0056ersion\":\"1\"}", "Version stands here twice")]
    [InlineData("{\"Version\":\"1\",^\"Id\":\"x\"}", "unknown element Id")]
    [InlineData("{^\"version\":\"1\"}", "unknown element version")]
    [InlineData("{\"Version\":\"1\",\"Statement\":^[]}", "Statement is empty")]
    [InlineData("{\"Version\":\"1\",\"Statement\":^\"x\"}", "Statement must be a list of statements")]
    [InlineData("{\"Version\":\"1\",\"Statement\":[^7]}", "every statement must be an object")]
    [InlineData("{\"Version\":\"1\",\"Statement\":[^[]]}", "every statement must be an object")]
    [InlineData("{\"Version\":\"1\",^\"\\ud800\":\"1\"}", "half a surrogate pair is no character")]
    [InlineData("{\"Version\":\"1\",^\"\\udc00\\ud800\":\"1\"}", "half a surrogate pair is no character")]
    public void A_malformed_document_is_refused_where_it_is_malformed(string marked, string problem) => Refuses(marked, problem);

    [Theory]
    [InlineData("^{" + Rest + "}", "the statement has no Effect")]
    [InlineData("{\"Effect\":^\"allow\"," + Rest + "}", "Effect must be Allow or Deny")]
    [InlineData("{\"Effect\":^[\"Allow\"]," + Rest + "}", "Effect must be a string")]
    [InlineData("{\"Effect\":\"Allow\",^\"Effect\":\"Allow\"," + Rest + "}", "Effect stands here twice")]
    [InlineData("^{\"Effect\":\"Allow\",\"Action\":\"*\"}", "the statement has no Resource")]
    [InlineData("^{\"Effect\":\"Allow\",\"Resource\":\"*\"}", "the statement has neither Action nor NotAction")]
    [InlineData("{\"Effect\":\"Allow\"," + Rest + ",\n  ^\"NotAction\":\"*\"}", "a statement has either Action or NotAction")]
    [InlineData("{\"NotAction\":\"*\",^\"Action\":\"*\"}", "a statement has either Action or NotAction")]
    [InlineData("{\"Effect\":\"Allow\",\"Action\":\"*\",^\"NotResource\":\"*\"}", "NotResource does not exist in RAM policies")]
    [InlineData("{\"Effect\":\"Allow\",\"Action\":\"*\",^\"Principal\":{\"RAM\":\"*\"}}", "Principal belongs into trust policies of roles only")]
    [InlineData("{\"Effect\":\"Allow\",^\"NotPrincipal\":\"*\"}", "unknown element NotPrincipal")]
    [InlineData("{\"Effect\":\"Allow\",^\"Sid\":\"*\"}", "unknown element Sid")]
    [InlineData("{\"Action\":^[]}", "Action is empty")]
    [InlineData("{\"Action\":^{}}", "Action must be a string or a list of strings")]
    [InlineData("{\"Action\":^7}", "Action must be a string or a list of strings")]
    [InlineData("{\"Action\":[\"*\",^7]}", "every value of Action must be a string")]
    [InlineData("{\"Action\":[\"*\",^[\"*\"]]}", "every value of Action must be a string")]
    [InlineData("{\"Action\":[^[[[[[[[[[[[]]]]]]]]]]]]}", "every value of Action must be a string")]
    [InlineData("{\"Action\":[\"*\",^]}", "unexpected character ], this is no JSON")]
    [InlineData("{\"Action\":[\"kms:*\",^\"Encrypt\"]}", "Encrypt is no action: service:Name, or *")]
    [InlineData("{\"Action\":^\"\"}", " is no action: service:Name, or *")]
    [InlineData("{\"NotAction\":^\"kms:\"}", "kms: is no action: service:Name, or *")]
    [InlineData("{\"Action\":^\":Encrypt\"}", ":Encrypt is no action: service:Name, or *")]
    [InlineData("{\"Action\":^\"kms:Encrypt \"}", "kms:Encrypt  is no action: service:Name, or *")]
    [InlineData("{\"Action\":^\"kms:a:b\"}", "kms:a:b is no action: service:Name, or *")]
    [InlineData("{\"Action\":^\"kms*\"}", "kms* is no action: service:Name, or *")]
    [InlineData("{\"Resource\":^[]}", "Resource is empty")]
    [InlineData("{\"Resource\":^\"key/1\"}", "key/1 is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"arn:kms:*:*:key\"}", "arn:kms:*:*:key is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"acs:kms:*:key/1\"}", "acs:kms:*:key/1 is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"acs:kms:*:*:\"}", "acs:kms:*:*: is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"acs::*:*:key\"}", "acs::*:*:key is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"acs\"}", "acs is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"acs*\"}", "acs* is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"acs:kms:*:*:a\\u0000b\"}", "acs:kms:*:*:a?b is no resource: acs:service:region:account:relative-id, or *")]
    [InlineData("{\"Resource\":^\"\"}", " is no resource: acs:service:region:account:relative-id, or *")]
    public void A_malformed_statement_is_refused_where_it_is_malformed(string marked, string problem) => Refuses(Asking.Document(marked), problem);

    [Theory]
    [InlineData("^[]", "Condition must be an object")]
    [InlineData("^{}", "Condition is empty")]
    [InlineData("{^\"StringEqual\":{\"kms:tag/a\":\"b\"}}", "unknown operator StringEqual")]
    [InlineData("{^\"stringEquals\":{\"kms:tag/a\":\"b\"}}", "unknown operator stringEquals")]
    [InlineData("{^\"StringEqualsIfExists\":{\"kms:tag/a\":\"b\"}}", "unknown operator StringEqualsIfExists")]
    [InlineData("{^\"ForAnyValue:StringEquals\":{\"kms:tag/a\":\"b\"}}", "unknown operator ForAnyValue:StringEquals")]
    [InlineData("{\"Bool\":{\"acs:MFAPresent\":\"true\"},^\"Bool\":{}}", "Bool stands here twice")]
    [InlineData("{\"StringEquals\":^\"b\"}", "StringEquals must be an object")]
    [InlineData("{^\"StringEquals\":{}}", "StringEquals is empty")]
    [InlineData("{\"StringEquals\":{^\"kms:Tag\":\"b\"}}", "unknown condition key kms:Tag")]
    [InlineData("{\"StringEquals\":{^\"kms:tag/\":\"b\"}}", "unknown condition key kms:tag/")]
    [InlineData("{\"StringEquals\":{^\"acs:UserAgent\":\"b\"}}", "unknown condition key acs:UserAgent")]
    [InlineData("{\"StringEquals\":{^\"sts:RoleSessionName\":\"b\"}}", "unknown condition key sts:RoleSessionName")]
    [InlineData("{\"StringEquals\":{^\"tag\":\"b\"}}", "unknown condition key tag")]
    [InlineData("{\"StringEquals\":{^\"oss:\":\"b\"}}", "unknown condition key oss:")]
    [InlineData("{\"StringEquals\":{\"kms:tag/a\":\"b\",^\"kms:tag/a\":\"c\"}}", "kms:tag/a stands here twice")]
    [InlineData("{\"StringEquals\":{\"kms:tag/a\":^[]}}", "kms:tag/a is empty")]
    [InlineData("{\"StringEquals\":{\"kms:tag/a\":^true}}", "kms:tag/a must be a string or a list of strings")]
    [InlineData("{\"NumericEquals\":{\"kms:tag/a\":^5}}", "kms:tag/a must be a string or a list of strings")]
    [InlineData("{\"NumericEquals\":{\"kms:tag/a\":[\"5\",^\"five\"]}}", "five is no number")]
    [InlineData("{\"NumericEquals\":{\"kms:tag/a\":^\"1e3\"}}", "1e3 is no number")]
    [InlineData("{\"NumericEquals\":{\"kms:tag/a\":^\" 1\"}}", " 1 is no number")]
    [InlineData("{\"NumericEquals\":{\"kms:tag/a\":^\"1\\u0000\"}}", "1? is no number")]
    [InlineData("{\"NumericEquals\":{\"oss:Size\":^\"1,000\"}}", "1,000 is no number")]
    [InlineData("{\"NumericEquals\":{\"kms:tag/a\":^\"99999999999999999999999999999999\"}}", "99999999999999999999999999999999 is no number")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31\"}}", "2026-01-31 is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31T08:00:00\"}}", "2026-01-31T08:00:00 is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-02-30T08:00:00Z\"}}", "2026-02-30T08:00:00Z is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"0001-01-01T00:00:00+08:00\"}}", "0001-01-01T00:00:00+08:00 is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31T08:00:00+0800\"}}", "2026-01-31T08:00:00+0800 is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31T08:00:00+8:00\"}}", "2026-01-31T08:00:00+8:00 is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31T08:00:00+08\"}}", "2026-01-31T08:00:00+08 is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31T08:00:00Z\\u0000\"}}", "2026-01-31T08:00:00Z? is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"2026-01-31T08:00:00+08:00\\u0000\"}}", "2026-01-31T08:00:00+08:00? is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\" 2026-01-31T08:00:00Z\"}}", " 2026-01-31T08:00:00Z is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"DateLessThan\":{\"acs:CurrentTime\":^\"Z\"}}", "Z is no date such as 2026-01-31T08:00:00Z")]
    [InlineData("{\"Bool\":{\"acs:SecureTransport\":^\"True\"}}", "True is no boolean, true or false")]
    [InlineData("{\"IpAddress\":{\"acs:SourceIp\":[\"192.0.2.0/24\",^\"192.0.2.0/33\"]}}", "192.0.2.0/33 is no address and no CIDR block")]
    [InlineData("{\"NotIpAddress\":{\"acs:SourceIp\":^\"localhost\"}}", "localhost is no address and no CIDR block")]
    [InlineData("{\"StringEquals\":{^\"acs:SourceIp\":\"192.0.2.1\"}}", "StringEquals cannot compare acs:SourceIp")]
    [InlineData("{\"StringLike\":{^\"acs:currenttime\":\"2026-*\"}}", "StringLike cannot compare acs:currenttime")]
    [InlineData("{\"NumericLessThan\":{^\"acs:CurrentTime\":\"5\"}}", "NumericLessThan cannot compare acs:CurrentTime")]
    [InlineData("{\"IpAddress\":{^\"acs:CurrentTime\":\"::1\"}}", "IpAddress cannot compare acs:CurrentTime")]
    [InlineData("{\"DateLessThan\":{^\"acs:SourceIp\":\"2026-01-31T08:00:00Z\"}}", "DateLessThan cannot compare acs:SourceIp")]
    public void A_malformed_condition_is_refused_where_it_is_malformed(string marked, string problem) =>
        Refuses(Asking.Document(Asking.Statement("Allow", "*", "*", marked)), problem);

    // Attributes cannot hold such a text.
    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Refuses("{\"Version\":\"^\ud800\"}", "half a surrogate pair is no character");

    [Fact]
    public void What_follows_the_document_is_refused()
    {
        var document = Asking.Document(Asking.Statement("Allow", "*", "*"));
        Refuses(document + " ^{}", "unexpected character {, this is no JSON");
        Refuses(document + "^,", "unexpected character ,, this is no JSON");
    }

    // The letters before the refusal take one, two, three and four bytes, the last one two UTF-16 units.
    [Fact]
    public void Line_and_column_count_characters_not_bytes()
    {
        const string document = "{\n  \"Version\": \"1\",\n  \"Statement\": [{ \"Action\": [\"kms:*\"], \"Resource\": [\"acs:oss:*:*:aä€😀\", \"x\"] }]\n}";
        var refusal = Assert.Throws<PolicyFormatException>(() => PolicyDocument.Parse(document, 1000));
        Assert.Equal((3, document.Split('\n')[2].IndexOf("\"x\"", StringComparison.Ordinal) + 1), (refusal.Line, refusal.Column));
        Assert.Equal("line 3, column 74: x is no resource: acs:service:region:account:relative-id, or *", refusal.Message);
    }

    [Fact]
    public void A_refusal_shows_no_more_of_a_document_than_fits_a_line()
    {
        var refusal = Assert.Throws<PolicyFormatException>(() => PolicyDocument.Parse($$"""{"{{new string('x', 5000)}}":1}""", 6144));
        Assert.Equal($"line 1, column 2: unknown element {new string('x', 64)}...", refusal.Message);
    }

    private static void Refuses(string marked, string problem)
    {
        var document = marked.Replace("^", "", StringComparison.Ordinal);
        var before = marked.Split('^')[0];
        var refusal = Assert.Throws<PolicyFormatException>(() => PolicyDocument.Parse(document, 1000));
        Assert.Equal((before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n')), (refusal.Line, refusal.Column));
        Assert.Equal($"line {refusal.Line}, column {refusal.Column}: {problem}", refusal.Message);
    }
}

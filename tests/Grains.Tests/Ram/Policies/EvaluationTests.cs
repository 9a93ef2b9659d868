using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class EvaluationTests
{
    private static readonly string Allow = Asking.Statement("Allow", "kms:*", "*");
    private static readonly string Deny = Asking.Statement("Deny", "kms:Encrypt", "*");
    private static readonly string Elsewhere = Asking.Statement("Deny", "kms:Encrypt", "acs:kms:*:*:key/other");

    [Fact]
    public void Without_a_policy_everything_is_refused() => Assert.Equal(new Decision(Verdict.ImplicitDeny, null, null), new PolicySet([]).Explain(Asking.Encrypt));

    [Fact]
    public void A_denial_wins_wherever_it_stands()
    {
        Assert.Equal(Verdict.ExplicitDeny, Asking.Ask(Asking.Document(Allow, Deny), Asking.Encrypt));
        Assert.Equal(Verdict.ExplicitDeny, Asking.Ask(Asking.Document(Deny, Allow), Asking.Encrypt));
        Assert.Equal(Verdict.ExplicitDeny, Asking.Set(Asking.Document(Allow), Asking.Document(Deny)).Evaluate(Asking.Encrypt));
        Assert.Equal(Verdict.ExplicitDeny, Asking.Set(Asking.Document(Deny), Asking.Document(Allow)).Evaluate(Asking.Encrypt));
    }

    [Fact]
    public void A_denial_of_something_else_takes_nothing_away()
    {
        Assert.Equal(Verdict.Allow, Asking.Ask(Asking.Document(Elsewhere, Allow), Asking.Encrypt));
        Assert.Equal(Verdict.Allow, Asking.Ask(Asking.Document(Deny, Allow), Asking.Request("kms:Decrypt")));
    }

    [Fact]
    public void A_denial_alone_says_so() => Assert.Equal(Verdict.ExplicitDeny, Asking.Ask(Asking.Document(Deny), Asking.Encrypt));

    [Theory]
    [InlineData("kms:Encrypt", nameof(Verdict.ImplicitDeny)), InlineData("kms:decrypt", nameof(Verdict.ImplicitDeny)), InlineData("kms:CreateKey", nameof(Verdict.Allow))]
    [InlineData("ram:CreateUser", nameof(Verdict.Allow))]
    public void To_allow_all_but_some_actions_is_to_allow_those_of_every_service(string action, string verdict) => Assert.Equal(
        verdict, Asking.Ask(Asking.Document("""{"Effect":"Allow","NotAction":["kms:Encrypt","kms:De*"],"Resource":"*"}"""), Asking.Request(action)).ToString());

    [Theory]
    [InlineData("kms:Encrypt", nameof(Verdict.Allow)), InlineData("kms:CreateKey", nameof(Verdict.ExplicitDeny)), InlineData("ram:CreateUser", nameof(Verdict.ExplicitDeny))]
    public void To_deny_all_but_some_actions_grants_none_of_them(string action, string verdict)
    {
        const string denyTheRest = """{"Effect":"Deny","NotAction":"kms:Encrypt","Resource":"*"}""";
        Assert.Equal(verdict, Asking.Ask(Asking.Document(denyTheRest, Asking.Statement("Allow", "*", "*")), Asking.Request(action)).ToString());
        Assert.NotEqual(Verdict.Allow, Asking.Ask(Asking.Document(denyTheRest), Asking.Request(action)));
    }

    [Fact]
    public void What_was_taken_out_of_one_statement_another_may_grant() => Assert.Equal(Verdict.Allow, Asking.Ask(
        Asking.Document("""{"Effect":"Allow","NotAction":"kms:Encrypt","Resource":"*"}""", Allow), Asking.Encrypt));

    [Fact]
    public void Only_the_listed_resources_are_meant()
    {
        const string twoKeys = """{"Effect":"Allow","Action":"kms:*","Resource":["acs:kms:*:*:key/a","acs:kms:*:*:key/b"]}""";
        Assert.Equal(Verdict.Allow, Asking.Ask(Asking.Document(twoKeys), Asking.Request("kms:Encrypt", $"acs:kms:local-1:{Asking.Account}:key/b")));
        Assert.Equal(Verdict.ImplicitDeny, Asking.Ask(Asking.Document(twoKeys), Asking.Request("kms:Encrypt", $"acs:kms:local-1:{Asking.Account}:key/c")));
    }

    [Fact]
    public void A_statement_whose_condition_fails_has_no_say()
    {
        var denyWithoutTls = Asking.Statement("Deny", "*", "*", """{"Bool":{"acs:SecureTransport":"false"}}""");
        Assert.Equal(Verdict.ExplicitDeny, Asking.Ask(Asking.Document(Allow, denyWithoutTls), Asking.Encrypt));
        Assert.Equal(Verdict.Allow, Asking.Ask(Asking.Document(Allow, denyWithoutTls), Asking.Encrypt with { SecureTransport = true }));
    }

    [Fact]
    public void The_first_deciding_statement_in_the_order_of_the_policies_is_named()
    {
        var first = Asking.Policy(Asking.Document(Elsewhere, Allow), "first");
        var second = Asking.Policy(Asking.Document(Allow, Elsewhere, Deny), "second");
        var third = Asking.Policy(Asking.Document(Deny), "third");
        Assert.Equal(new Decision(Verdict.Allow, first, 2), new PolicySet([first]).Explain(Asking.Encrypt));
        Assert.Equal(new Decision(Verdict.ExplicitDeny, second, 3), new PolicySet([first, second, third]).Explain(Asking.Encrypt));
        Assert.Equal(new Decision(Verdict.ExplicitDeny, third, 1), new PolicySet([third, second, first]).Explain(Asking.Encrypt));
        Assert.Equal(new Decision(Verdict.Allow, first, 2), new PolicySet([first, second, third]).Explain(Asking.Request("kms:Decrypt")));
    }

    [Theory]
    [InlineData("acs:SourceIp", "IpAddress", "::1", nameof(RequestNeeds.SourceAddress)), InlineData("acs:RequestTag/a", "StringEquals", "b", nameof(RequestNeeds.RequestTags))]
    [InlineData("kms:tag/a", "StringEquals", "b", nameof(RequestNeeds.None)), InlineData("acs:ResourceTag/a", "StringEquals", "b", nameof(RequestNeeds.None))]
    [InlineData("kms:EncryptionAlgorithm", "StringEquals", "b", nameof(RequestNeeds.EncryptionAlgorithm))]
    [InlineData("kms:EncryptionContext:a", "StringEquals", "b", nameof(RequestNeeds.EncryptionContext))]
    [InlineData("acs:PrincipalARN", "StringEquals", "b", nameof(RequestNeeds.None)), InlineData("acs:SecureTransport", "Bool", "true", nameof(RequestNeeds.None))]
    [InlineData("oss:Prefix", "StringEquals", "b", nameof(RequestNeeds.None))]
    public void A_set_says_what_its_conditions_look_at(string key, string operation, string value, string needs)
    {
        var conditional = Asking.Document(Allow, Asking.Statement("Deny", "*", "*", $$$"""{"{{{operation}}}":{"{{{key}}}":"{{{value}}}"}}"""));
        var expected = Enum.Parse<RequestNeeds>(needs);
        Assert.Equal(expected, Asking.Set(Asking.Document(Allow), conditional).Needs);
        var byAddress = Asking.Document(Asking.Statement("Deny", "*", "*", """{"IpAddress":{"acs:SourceIp":"::1"}}"""));
        Assert.Equal(expected | RequestNeeds.SourceAddress, Asking.Set(conditional, byAddress).Needs);
    }

    // Every kind of pattern and operator, with texts that have to be taken for numbers, dates and addresses; all of it is looked at since nothing decides early.
    [Fact]
    public void An_evaluation_allocates_nothing()
    {
        var set = Asking.Set(Asking.Document([.. ConditionsOfAllKinds.Select(condition => Asking.Statement("Deny", "k?s:*cr*t", "acs:*:*:*:key/*", condition)), Allow]));
        var request = Asking.Request("kms:Encrypt", Asking.Key, new("text", "Apollo"), new("number", "5"), new("date", "2026-01-31T08:00:00+08:00"), new("address", "2001:db8::192.0.2.1")) with
        {
            SourceAddress = SourceAddress.Parse("192.0.2.1"),
            EncryptionContext = EncryptionContext.Of([new("order", "42"), new("purpose", "invoice")]),
        };
        var trust = TrustPolicy.Parse(TrustPolicyTests.Document($"acs:ram::{Asking.Account}:root"), 6144);
        Assert.Equal((Verdict.Allow, Verdict.Allow), (set.Evaluate(in request), trust.Evaluate(Asking.Account, Asking.Alice, Assume)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            set.Evaluate(in request);
            trust.Evaluate(Asking.Account, Asking.Alice, in Assume);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static readonly AccessRequest Assume = Asking.Request("sts:AssumeRole", $"acs:ram:*:{Asking.Account}:role/r");

    private static readonly string[] ConditionsOfAllKinds =
    [
        """{"StringNotEquals":{"kms:tag/text":["Gemini","Apollo"]}}""", """{"StringNotEqualsIgnoreCase":{"kms:tag/text":["gemini","APOLLO"]}}""",
        """{"StringNotLike":{"kms:tag/text":["G*","A*l?o"]}}""", """{"NumericNotEquals":{"kms:tag/number":["4","5"]}}""", """{"NumericLessThan":{"kms:tag/text":"5"}}""",
        """{"DateLessThan":{"kms:tag/date":["2025-01-01T00:00:00Z","2026-01-31T00:00Z"]}}""", """{"DateGreaterThan":{"kms:tag/text":"2025-01-01T00:00:00Z"}}""",
        """{"DateGreaterThan":{"acs:CurrentTime":"2027-01-01T00:00:00+01:00"}}""", """{"Bool":{"acs:SecureTransport":"true"}}""", """{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","2001:db8::/32"]}}""",
        """{"NotIpAddress":{"kms:tag/address":"2001:db8::/32"}}""", """{"IpAddress":{"kms:tag/number":"::/0"}}""", """{"StringEquals":{"kms:EncryptionContext:purpose":"receipt"}}""",
        """{"StringLike":{"acs:PrincipalARN":"*:role/*"}}""", """{"StringEquals":{"acs:RequestTag/a":"b"}}""", """{"StringEquals":{"oss:Prefix":"b"}}""",
    ];
}

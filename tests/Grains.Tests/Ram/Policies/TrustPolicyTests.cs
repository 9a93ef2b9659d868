using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class TrustPolicyTests
{
    private const string Other = "1000000000000002";
    private const string Bob = $"acs:ram::{Asking.Account}:user/bob";
    private const string Robot = $"acs:ram::{Asking.Account}:role/robot";
    private static readonly AccessRequest Assume = Asking.Request("sts:AssumeRole", $"acs:ram:*:{Asking.Account}:role/admin");

    /// <summary>A trust policy for one principal.</summary>
    public static string Document(string principal, string rest = "") => $"{{\"Version\":\"1\",\"Statement\":[{Statement("Allow", principal, rest)}]}}";

    [Theory]
    [InlineData(Asking.Account, Asking.Alice, true), InlineData(Asking.Account, Bob, true), InlineData(Asking.Account, Robot, true)]
    [InlineData(Other, $"acs:ram::{Other}:user/alice", false)]
    public void A_root_stands_for_every_user_and_role_of_its_account(string account, string arn, bool isTrusted) =>
        Assert.Equal(Trusted(isTrusted), Ask(Document($"acs:ram::{Asking.Account}:root"), account, arn));

    [Theory]
    [InlineData(Asking.Account, Asking.Alice, true), InlineData(Asking.Account, Bob, false), InlineData(Asking.Account, $"acs:ram::{Asking.Account}:role/alice", false)]
    [InlineData(Asking.Account, $"acs:ram::{Asking.Account}:user/Alice", false), InlineData(Asking.Account, $"acs:ram::{Asking.Account}:user/alice2", false)]
    [InlineData(Other, $"acs:ram::{Other}:user/alice", false)]
    public void A_user_stands_for_itself(string account, string arn, bool isTrusted) => Assert.Equal(Trusted(isTrusted), Ask(Document(Asking.Alice), account, arn));

    [Theory]
    [InlineData(Robot, true), InlineData($"acs:ram::{Asking.Account}:user/robot", false), InlineData(Asking.Alice, false)]
    public void A_role_stands_for_its_sessions(string arn, bool isTrusted) => Assert.Equal(Trusted(isTrusted), Ask(Document(Robot), Asking.Account, arn));

    [Fact]
    public void Another_account_can_be_trusted()
    {
        Assert.Equal(Verdict.Allow, Ask(Document($"acs:ram::{Other}:root"), Other, $"acs:ram::{Other}:role/x"));
        Assert.Equal(Verdict.ImplicitDeny, Ask(Document($"acs:ram::{Other}:root"), Asking.Account, Asking.Alice));
    }

    [Fact]
    public void A_denial_takes_one_out_of_an_account_wherever_it_stands()
    {
        var (allow, deny) = (Statement("Allow", $"acs:ram::{Asking.Account}:root"), Statement("Deny", Bob));
        foreach (var statements in new[] { $"{allow},{deny}", $"{deny},{allow}" })
        {
            var document = $"{{\"Version\":\"1\",\"Statement\":[{statements}]}}";
            Assert.Equal(Verdict.ExplicitDeny, Ask(document, Asking.Account, Bob));
            Assert.Equal(Verdict.Allow, Ask(document, Asking.Account, Asking.Alice));
        }
    }

    [Theory]
    [InlineData("outside", true), InlineData("Outside", false), InlineData(null, false)]
    public void An_external_id_must_be_the_one_agreed_on(string? externalId, bool isTrusted) => Assert.Equal(Trusted(isTrusted), Ask(
        Document($"acs:ram::{Other}:root", ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"outside\"}}"), Other, $"acs:ram::{Other}:user/x", Assume with { ExternalId = externalId }));

    [Theory]
    [InlineData("sts:AssumeRole", true), InlineData("STS:assumerole", true), InlineData("sts:*", true), InlineData("*", true), InlineData("sts:Assume*", true)]
    [InlineData("sts:AssumeRoleWithSAML", false), InlineData("sts:GetCallerIdentity", false), InlineData("ram:*", false)]
    public void Only_actions_that_include_assuming_a_role_count(string action, bool isTrusted) =>
        Assert.Equal(Trusted(isTrusted), Ask(Document(Asking.Alice).Replace("sts:AssumeRole", action, StringComparison.Ordinal), Asking.Account, Asking.Alice));

    [Fact]
    public void One_of_several_principals_is_enough() => Assert.Equal(
        Verdict.Allow, Ask(Document($"{Bob}\",\"acs:ram::{Other}:root\",\"{Asking.Alice}"), Asking.Account, Asking.Alice));

    [Theory]
    [InlineData("""{"Service":"kms.aliyuncs.com"}""", false), InlineData("""{"Federated":["acs:ram::1000000000000001:saml-provider/x"]}""", false)]
    [InlineData("""{"Service":["ecs.aliyuncs.com"],"RAM":"acs:ram::1000000000000001:user/alice"}""", true)]
    public void Services_and_identity_providers_may_be_named_and_are_no_callers(string principal, bool isTrusted) => Assert.Equal(Trusted(isTrusted), Ask(
        $"{{\"Version\":\"1\",\"Statement\":{{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{principal}}}}}", Asking.Account, Asking.Alice));

    [Theory]
    [InlineData("\"*\"", "Principal must be an object"), InlineData("{}", "Principal is empty"), InlineData("""{"RAM":[]}""", "RAM is empty")]
    [InlineData("""{"ram":"x"}""", "unknown kind of principal ram")]
    [InlineData("""{"RAM":7}""", "RAM must be a string or a list of strings"), InlineData("""{"RAM":"*"}""", "* is no principal of the kind RAM")]
    [InlineData("""{"Service":""}""", " is no principal of the kind Service")]
    [InlineData("""{"RAM":"1000000000000001"}""", "1000000000000001 is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::100000000000000x:root"}""", "acs:ram::100000000000000x:root is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::123:root"}""", "acs:ram::123:root is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram:*:1000000000000001:root"}""", "acs:ram:*:1000000000000001:root is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::1000000000000001:user/*"}""", "acs:ram::1000000000000001:user/* is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::1000000000000001:user/"}""", "acs:ram::1000000000000001:user/ is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::1000000000000001:group/g"}""", "acs:ram::1000000000000001:group/g is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::1000000000000001:role/r/session"}""", "acs:ram::1000000000000001:role/r/session is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::1000000000000001:"}""", "acs:ram::1000000000000001: is no principal of the kind RAM")]
    [InlineData("""{"RAM":"acs:ram::1000000000000001"}""", "acs:ram::1000000000000001 is no principal of the kind RAM")]
    public void What_is_no_principal_is_refused(string principal, string problem) =>
        Refuses($"{{\"Version\":\"1\",\"Statement\":{{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{principal}}}}}", problem);

    [Theory]
    [InlineData("\"Resource\":\"*\"", "a trust policy has no Resource: it is about the role it belongs to")]
    [InlineData("\"NotResource\":\"*\"", "NotResource does not exist in RAM policies")]
    [InlineData("\"Action\":\"*\"", "the statement has no Effect"), InlineData("\"Effect\":\"Allow\",\"Action\":\"*\"", "the statement has no Principal")]
    public void A_trust_policy_has_principals_instead_of_resources(string elements, string problem) => Refuses($"{{\"Version\":\"1\",\"Statement\":[{{{elements}}}]}}", problem);

    private static string Statement(string effect, string principal, string rest = "") =>
        $"{{\"Effect\":\"{effect}\",\"Action\":\"sts:AssumeRole\",\"Principal\":{{\"RAM\":[\"{principal}\"]}}{rest}}}";

    private static Verdict Ask(string document, string account, string arn) => Ask(document, account, arn, Assume);

    private static Verdict Ask(string document, string account, string arn, AccessRequest request) => TrustPolicy.Parse(document, 1000).Evaluate(account, arn, in request);

    private static Verdict Trusted(bool isTrusted) => isTrusted ? Verdict.Allow : Verdict.ImplicitDeny;

    private static void Refuses(string document, string problem)
    {
        var refusal = Assert.Throws<PolicyFormatException>(() => TrustPolicy.Parse(document, 1000));
        Assert.Equal($"line {refusal.Line}, column {refusal.Column}: {problem}", refusal.Message);
    }
}

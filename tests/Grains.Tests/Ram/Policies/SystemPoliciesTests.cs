using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class SystemPoliciesTests
{
    private const string User = $"acs:ram:*:{Asking.Account}:user/alice";

    public static TheoryData<string> Names => [.. SystemPolicies.All.Select(policy => policy.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_system_policy_is_found_by_name_and_is_a_valid_document_of_ordinary_length(string name)
    {
        var policy = SystemPolicies.Find(name)!;
        Assert.Equal(name, policy.Name);
        Assert.NotEmpty(policy.Description);
        Assert.NotEmpty(PolicyDocument.Parse(policy.Document, 6144).Statements);
    }

    [Fact]
    public void There_are_no_others_and_letter_case_counts()
    {
        Assert.Equal(13, SystemPolicies.All.Count);
        Assert.Null(SystemPolicies.Find("administratoraccess"));
    }

    [Theory]
    [InlineData("AdministratorAccess", "kms:Encrypt ram:CreateUser sts:AssumeRole actiontrail:LookupEvents oss:GetObject", "")]
    [InlineData("ReadOnlyAccess", "kms:ListKeys kms:DescribeKey kms:GetPublicKey ram:GetUser ram:ListUsers actiontrail:LookupEvents actiontrail:DescribeTrails ecs:DescribeInstances",
        "kms:Encrypt kms:Decrypt kms:GetSecretValue kms:GetParametersForImport kms:CreateKey ram:CreateUser sts:AssumeRole actiontrail:DeleteTrail")]
    [InlineData("AliyunKMSFullAccess", "kms:Encrypt kms:CreateKey kms:GetSecretValue", "ram:GetUser sts:AssumeRole")]
    [InlineData("AliyunKMSReadOnlyAccess", "kms:ListKeys kms:ListAliases kms:DescribeKey kms:GetPublicKey kms:GetKeyPolicy kms:GetSecretPolicy",
        "kms:GetSecretValue kms:Encrypt kms:Decrypt kms:GenerateDataKey kms:AsymmetricSign kms:GetParametersForImport kms:GetRandomPassword kms:CreateKey ram:ListUsers")]
    [InlineData("AliyunKMSCryptoUserAccess", "kms:Encrypt kms:Decrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:AsymmetricEncrypt kms:AsymmetricDecrypt kms:AsymmetricSign "
        + "kms:AsymmetricVerify kms:GetPublicKey", "kms:DescribeKey kms:ListKeys kms:ReEncryptFrom kms:ExportDataKey kms:CreateKey kms:GetSecretValue")]
    [InlineData("AliyunKMSCryptoAdminAccess", "kms:CreateKey kms:DescribeKey kms:ListKeys kms:EnableKey kms:DisableKey kms:ScheduleKeyDeletion kms:CreateAlias kms:TagResource kms:ImportKeyMaterial",
        "kms:Encrypt kms:Decrypt kms:GenerateDataKey kms:AsymmetricSign kms:GetSecretValue")]
    [InlineData("AliyunKMSSecretUserAccess", "kms:GetSecretValue kms:DescribeSecret kms:ListSecretVersionIds", "kms:ListSecrets kms:PutSecretValue kms:Decrypt")]
    [InlineData("AliyunKMSSecretAdminAccess", "kms:CreateSecret kms:ListSecrets kms:PutSecretValue kms:DeleteSecret", "kms:GetSecretValue kms:Encrypt kms:CreateKey")]
    [InlineData("AliyunRAMFullAccess", "ram:CreateUser ram:GetUser ram:DeleteRole", "sts:AssumeRole kms:ListKeys")]
    [InlineData("AliyunRAMReadOnlyAccess", "ram:GetUser ram:ListUsers ram:GetPolicyVersion", "ram:CreateUser ram:AttachPolicyToUser kms:ListKeys")]
    [InlineData("AliyunSTSAssumeRoleAccess", "sts:AssumeRole", "ram:GetRole kms:ListKeys")]
    [InlineData("AliyunActionTrailFullAccess", "actiontrail:LookupEvents actiontrail:DeleteTrail", "kms:ListKeys")]
    [InlineData("AliyunActionTrailReadOnlyAccess", "actiontrail:LookupEvents actiontrail:DescribeTrails actiontrail:GetTrailStatus", "actiontrail:CreateTrail actiontrail:StopLogging")]
    public void A_system_policy_grants_what_it_is_for(string name, string granted, string refused)
    {
        var set = Asking.Set(SystemPolicies.Find(name)!.Document);
        foreach (var action in granted.Split(' ')) Assert.True(set.Evaluate(Ask(action)) == Verdict.Allow, action);
        foreach (var action in refused.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Assert.True(set.Evaluate(Ask(action)) == Verdict.ImplicitDeny, action);
    }

    private static AccessRequest Ask(string action) => Asking.Request(action, action.StartsWith("kms:", StringComparison.Ordinal) ? Asking.Key : User);
}

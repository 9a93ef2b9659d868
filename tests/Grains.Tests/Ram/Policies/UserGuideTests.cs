using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>The policies that a newcomer writes first.</summary>
public sealed class UserGuideTests
{
    private static readonly string Full = Asking.Document(Asking.Statement("Allow", "kms:*", "*"));

    private const string ViewAndUse =
        """
        {
          "Version": "1",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["kms:List*", "kms:Describe*", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
              "Resource": "*"
            }
          ]
        }
        """;

    private static readonly string Apollo = Asking.Document(Asking.Statement("Allow", "kms:*", "*", """{"StringEqualsIgnoreCase":{"kms:tag/Project":["Apollo"]}}"""));

    [Theory]
    [InlineData("kms:Encrypt", true), InlineData("kms:ScheduleKeyDeletion", true), InlineData("KMS:encrypt", true), InlineData("ram:GetUser", false)]
    public void Full_access_to_kms_is_all_of_kms_and_nothing_else(string action, bool isAllowed) =>
        Assert.Equal(isAllowed ? Verdict.Allow : Verdict.ImplicitDeny, Asking.Ask(Full, Asking.Request(action)));

    [Theory]
    [InlineData("kms:ListKeys", true), InlineData("kms:DescribeKey", true), InlineData("kms:Encrypt", true), InlineData("kms:Decrypt", true), InlineData("kms:GenerateDataKey", true)]
    [InlineData("kms:GenerateDataKeyWithoutPlaintext", false), InlineData("kms:ScheduleKeyDeletion", false), InlineData("kms:CreateKey", false), InlineData("kms:GetPublicKey", false)]
    public void View_and_use_is_neither_administration_nor_what_merely_begins_alike(string action, bool isAllowed) =>
        Assert.Equal(isAllowed ? Verdict.Allow : Verdict.ImplicitDeny, Asking.Ask(ViewAndUse, Asking.Request(action)));

    [Theory]
    [InlineData("Project", "Apollo", true), InlineData("Project", "apollo", true), InlineData("Project", "Gemini", false), InlineData("project", "Apollo", false)]
    [InlineData("Project", "", false)]
    public void Keys_of_a_project_are_told_by_their_tag(string key, string value, bool isAllowed) =>
        Assert.Equal(isAllowed ? Verdict.Allow : Verdict.ImplicitDeny, Asking.Ask(Apollo, Asking.Request("kms:Encrypt", Asking.Key, new("Owner", "me"), new(key, value))));

    [Fact]
    public void A_key_without_tags_is_of_no_project() => Assert.Equal(Verdict.ImplicitDeny, Asking.Ask(Apollo, Asking.Encrypt));
}

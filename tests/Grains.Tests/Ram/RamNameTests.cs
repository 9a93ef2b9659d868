using Orleans.Kms.Errors;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class RamNameTests
{
    private static readonly Dictionary<string, Action<string>> Rules = new()
    {
        ["UserName"] = text => RamNames.User(text),
        ["NewUserName"] = text => RamNames.User(text, "NewUserName"),
        ["GroupName"] = text => RamNames.Group(text),
        ["RoleName"] = text => RamNames.Role(text),
        ["PolicyName"] = text => RamNames.Policy(text),
        ["DisplayName"] = text => RamNames.DisplayName(text),
        ["Comments"] = text => RamNames.Comments(text),
        ["Description"] = text => RamNames.Description(text),
        ["Email"] = text => RamNames.Email(text),
        ["MobilePhone"] = text => RamNames.MobilePhone(text),
        ["VersionId"] = text => RamNames.Version(text),
    };

    [Theory]
    [InlineData("UserName", "a")]
    [InlineData("UserName", "Zz09._-")]
    [InlineData("NewUserName", "alice.b")]
    [InlineData("GroupName", "Zz09._-")]
    [InlineData("RoleName", "Zz09._-")]
    [InlineData("PolicyName", "Zz09-")]
    [InlineData("DisplayName", "")]
    [InlineData("DisplayName", "Ål\u4e2d B. <x@y>")]
    [InlineData("Comments", "")]
    [InlineData("Comments", "two\r\nlines\t\ud83d\ude00")]
    [InlineData("Description", "")]
    [InlineData("Email", "")]
    [InlineData("Email", "a@b")]
    [InlineData("MobilePhone", "")]
    [InlineData("MobilePhone", "86-18600008888")]
    [InlineData("MobilePhone", "+49-1-2")]
    [InlineData("VersionId", "v1")]
    [InlineData("VersionId", "v2147483647")]
    public void What_is_right_passes(string rule, string text) => Rules[rule](text);

    [Theory]
    [InlineData("UserName", "a b", "InvalidChars")]
    [InlineData("UserName", "a/b", "InvalidChars")]
    [InlineData("UserName", "a@b", "InvalidChars")]
    [InlineData("UserName", "a*", "InvalidChars")]
    [InlineData("UserName", "\u00e9", "InvalidChars")]
    [InlineData("UserName", "\uff21", "InvalidChars")]
    [InlineData("NewUserName", "a:b", "InvalidChars")]
    [InlineData("GroupName", "a,b", "InvalidChars")]
    [InlineData("RoleName", "a@b", "InvalidChars")]
    [InlineData("PolicyName", "a_b", "InvalidChars")]
    [InlineData("PolicyName", "a.b", "InvalidChars")]
    [InlineData("DisplayName", "a\nb", "InvalidChars")]
    [InlineData("DisplayName", "\u0000", "InvalidChars")]
    [InlineData("Comments", "\u0000", "InvalidChars")]
    [InlineData("Comments", "\u007f", "InvalidChars")]
    [InlineData("Description", "\u001b", "InvalidChars")]
    [InlineData("Email", "a", "Format")]
    [InlineData("Email", "@b", "Format")]
    [InlineData("Email", "a@", "Format")]
    [InlineData("Email", "a@b@c", "Format")]
    [InlineData("Email", "a b@c", "Format")]
    [InlineData("MobilePhone", "one", "Format")]
    [InlineData("MobilePhone", "1-", "Format")]
    [InlineData("MobilePhone", "1--2", "Format")]
    [InlineData("MobilePhone", "++1", "Format")]
    [InlineData("MobilePhone", "+", "Format")]
    [InlineData("VersionId", "1", "Format")]
    [InlineData("VersionId", "v", "Format")]
    [InlineData("VersionId", "v0", "Format")]
    [InlineData("VersionId", "v01", "Format")]
    [InlineData("VersionId", "V1", "Format")]
    [InlineData("VersionId", "v-1", "Format")]
    [InlineData("VersionId", "v+1", "Format")]
    [InlineData("VersionId", "v1 ", "Format")]
    [InlineData("VersionId", "v2147483648", "Format")]
    public void What_is_wrong_is_told_with_its_code(string rule, string text, string how) => AssertCode($"InvalidParameter.{rule}.{how}", rule, text);

    [Theory]
    [InlineData("UserName", 64)]
    [InlineData("NewUserName", 64)]
    [InlineData("GroupName", 64)]
    [InlineData("RoleName", 64)]
    [InlineData("PolicyName", 128)]
    [InlineData("DisplayName", 128)]
    [InlineData("Comments", 128)]
    [InlineData("Description", 1024)]
    public void Lengths_have_two_sides(string rule, int longest)
    {
        Rules[rule](new('a', longest));
        AssertCode($"InvalidParameter.{rule}.Length", rule, new('a', longest + 1));
    }

    [Theory]
    [InlineData("Email", "a@", 254)]
    [InlineData("MobilePhone", "", 32)]
    public void What_has_a_format_has_a_greatest_length(string rule, string start, int longest)
    {
        Rules[rule](start.PadRight(longest, '1'));
        AssertCode($"InvalidParameter.{rule}.Format", rule, start.PadRight(longest + 1, '1'));
    }

    // Not as test data: test platforms do not carry them.
    [Theory, InlineData("DisplayName"), InlineData("Comments"), InlineData("Description")]
    public void Halves_of_characters_are_refused(string rule)
    {
        foreach (var text in new[] { "a\ud83d", "\ude00a", "\ud83d\ud83d\ude00" }) AssertCode($"InvalidParameter.{rule}.InvalidChars", rule, text);
    }

    [Theory, InlineData("UserName"), InlineData("NewUserName"), InlineData("GroupName"), InlineData("RoleName"), InlineData("PolicyName"), InlineData("VersionId")]
    public void What_is_required_is_missed(string rule)
    {
        foreach (var text in new[] { "", null }) Assert.Equal(KmsErrorCode.MissingParameter, Assert.Throws<KmsException>(() => Rules[rule](text!)).Code);
    }

    private static void AssertCode(string code, string rule, string text) => Assert.Equal(code, Assert.Throws<KmsException>(() => Rules[rule](text)).ApiCode);
}

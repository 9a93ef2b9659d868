using System.Text;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Gateway.Sts;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Tests.Ram;

/// <summary>The fields that each kind of answer has, to the letter.</summary>
public sealed class RamAnswersTests
{
    private static readonly DateTimeOffset Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset Updated = Created.AddDays(1);
    private static readonly DateTimeOffset Joined = Created.AddDays(2);
    private static readonly RamUser User = new("10", "alice", "Alice", "", "", "", Created, Updated);
    private static readonly RamGroup Group = new("20", "ops", "on call", Created, Updated);
    private static readonly RamRole Role = new("30", "backup", "acs:ram::1:role/backup", "", "{}", 3600, Created, Updated);
    private static readonly RamPolicy Policy = new("keys", PolicyType.Custom, "", "v2", 3, Created, Updated);
    private static readonly RamPolicyVersion Version = new("v2", true, """{"a":1}""", Created);
    private static readonly RamAccessKey Key = new("LTAI1", false, Created);

    [Fact]
    public void Users()
    {
        AssertFields(
            UserFields.WriteNew, User,
            """{"UserId":"10","UserName":"alice","DisplayName":"Alice","MobilePhone":"","Email":"","Comments":"","CreateDate":"2026-01-02T03:04:05Z"}""");
        AssertFields(
            UserFields.Write, User,
            """{"UserId":"10","UserName":"alice","DisplayName":"Alice","MobilePhone":"","Email":"","Comments":"","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z"}""");
        AssertFields(
            UserFields.WriteWhole, User,
            """{"UserId":"10","UserName":"alice","DisplayName":"Alice","MobilePhone":"","Email":"","Comments":"","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z","LastLoginDate":""}""");
        AssertFields(UserFields.WriteMember, new RamGroupMember(User, Joined), """{"UserName":"alice","DisplayName":"Alice","JoinDate":"2026-01-04T03:04:05Z"}""");
        AssertFields(UserFields.WriteAttached, (User, Joined), """{"UserId":"10","UserName":"alice","DisplayName":"Alice","AttachDate":"2026-01-04T03:04:05Z"}""");
    }

    [Fact]
    public void Groups()
    {
        AssertFields(GroupFields.WriteNew, Group, """{"GroupId":"20","GroupName":"ops","Comments":"on call","CreateDate":"2026-01-02T03:04:05Z"}""");
        AssertFields(GroupFields.Write, Group, """{"GroupId":"20","GroupName":"ops","Comments":"on call","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z"}""");
        AssertFields(GroupFields.WriteMembership, new RamMembership(Group, Joined), """{"GroupId":"20","GroupName":"ops","Comments":"on call","JoinDate":"2026-01-04T03:04:05Z"}""");
        AssertFields(GroupFields.WriteAttached, (Group, Joined), """{"GroupName":"ops","Comments":"on call","AttachDate":"2026-01-04T03:04:05Z"}""");
    }

    [Fact]
    public void Roles()
    {
        AssertFields(
            RoleFields.WriteNew, Role,
            """{"RoleId":"30","RoleName":"backup","Arn":"acs:ram::1:role/backup","Description":"","AssumeRolePolicyDocument":"{}","CreateDate":"2026-01-02T03:04:05Z","MaxSessionDuration":3600}""");
        AssertFields(
            RoleFields.Write, Role,
            """{"RoleId":"30","RoleName":"backup","Arn":"acs:ram::1:role/backup","Description":"","AssumeRolePolicyDocument":"{}","CreateDate":"2026-01-02T03:04:05Z","MaxSessionDuration":3600,"UpdateDate":"2026-01-03T03:04:05Z"}""");
        AssertFields(
            RoleFields.WriteListed, Role,
            """{"RoleId":"30","RoleName":"backup","Arn":"acs:ram::1:role/backup","Description":"","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z","MaxSessionDuration":3600}""");
        AssertFields(
            RoleFields.WriteAttached, (Role, Joined),
            """{"RoleId":"30","RoleName":"backup","Arn":"acs:ram::1:role/backup","Description":"","AttachDate":"2026-01-04T03:04:05Z"}""");
    }

    [Fact]
    public void Policies()
    {
        AssertFields(PolicyFields.WriteNew, Policy, """{"PolicyName":"keys","PolicyType":"Custom","Description":"","DefaultVersion":"v2","CreateDate":"2026-01-02T03:04:05Z"}""");
        AssertFields(
            PolicyFields.WriteNew, Policy with { PolicyType = PolicyType.System },
            """{"PolicyName":"keys","PolicyType":"System","Description":"","DefaultVersion":"v2","CreateDate":"2026-01-02T03:04:05Z"}""");
        AssertFields(
            PolicyFields.WriteChanged, Policy,
            """{"PolicyName":"keys","PolicyType":"Custom","Description":"","DefaultVersion":"v2","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z"}""");
        AssertFields(
            PolicyFields.WriteListed, Policy,
            """{"PolicyName":"keys","PolicyType":"Custom","Description":"","DefaultVersion":"v2","AttachmentCount":3,"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z","Tags":{"Tag":[]}}""");
        AssertFields(
            PolicyFields.WriteWhole, new RamPolicyDetail(Policy, Version),
            """{"PolicyName":"keys","PolicyType":"Custom","Description":"","DefaultVersion":"v2","AttachmentCount":3,"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z","PolicyDocument":"{\"a\":1}"}""");
        AssertFields(
            PolicyFields.WriteAttached, new RamAttachedPolicy(Policy, Joined),
            """{"PolicyName":"keys","PolicyType":"Custom","Description":"","DefaultVersion":"v2","AttachDate":"2026-01-04T03:04:05Z"}""");
        AssertFields(PolicyFields.WriteVersion, Version, """{"VersionId":"v2","IsDefaultVersion":true,"PolicyDocument":"{\"a\":1}","CreateDate":"2026-01-02T03:04:05Z"}""");
    }

    [Fact]
    public void Access_keys()
    {
        AssertFields(AccessKeyFields.Write, Key, """{"AccessKeyId":"LTAI1","Status":"Inactive","CreateDate":"2026-01-02T03:04:05Z"}""");
        AssertFields(
            AccessKeyFields.WriteNew, new RamNewAccessKey(Key with { IsActive = true }, "s3cret"),
            """{"AccessKeyId":"LTAI1","AccessKeySecret":"s3cret","Status":"Active","CreateDate":"2026-01-02T03:04:05Z"}""");
    }

    [Fact]
    public void Sessions()
    {
        var session = new AssumedRole(new("STS.1", "s3cret", "CAIS+/=", Created), "acs:ram::1:role/backup/nightly", "30:nightly");
        AssertFields(SessionFields.WriteCredentials, session.Credentials, """{"AccessKeyId":"STS.1","AccessKeySecret":"s3cret","SecurityToken":"CAIS+/=","Expiration":"2026-01-02T03:04:05Z"}""");
        AssertFields(SessionFields.WriteUser, session, """{"Arn":"acs:ram::1:role/backup/nightly","AssumedRoleId":"30:nightly"}""");
    }

    [Theory]
    [InlineData(IdentityType.Account, "1", null, """{"IdentityType":"Account","AccountId":"1","PrincipalId":"1","UserId":"1","Arn":"acs"}""")]
    [InlineData(IdentityType.RamUser, "10", null, """{"IdentityType":"RAMUser","AccountId":"1","PrincipalId":"10","UserId":"10","Arn":"acs"}""")]
    [InlineData(IdentityType.AssumedRoleUser, "30:n", "30", """{"IdentityType":"AssumedRoleUser","AccountId":"1","PrincipalId":"30:n","RoleId":"30","Arn":"acs"}""")]
    public void Callers(IdentityType type, string principalId, string? roleId, string expected) =>
        AssertFields(CallerFields.Write, new CallerIdentity(type, "1", principalId, roleId, "acs"), expected);

    [Fact]
    public void Objects_and_lists_are_named_and_wrapped()
    {
        AssertFields((response, key) => RamAnswers.Object(response, "AccessKey", key, (w, k) => w.Text("AccessKeyId", k.AccessKeyId)), Key, """{"AccessKey":{"AccessKeyId":"LTAI1"}}""");
        AssertFields<string[]>(WriteList, ["a", "b"], """{"Users":{"User":[{"UserName":"a"},{"UserName":"b"}]}}""");
        AssertFields<string[]>(WriteList, [], """{"Users":{"User":[]}}""");

        static void WriteList(ResponseWriter response, string[] names) => RamAnswers.List(response, "Users", "User", names, (w, name) => w.Text("UserName", name));
    }

    [Fact]
    public void A_page_has_a_marker_only_if_more_follows()
    {
        AssertFields(RamAnswers.Page, "bTE", """{"IsTruncated":true,"Marker":"bTE"}""");
        AssertFields(RamAnswers.Page, (string?)null, """{"IsTruncated":false}""");
    }

    private static void AssertFields<T>(Action<ResponseWriter, T> write, T value, string json)
    {
        using var buffer = new ResponseBuffer();
        var writer = new JsonResponseWriter(buffer);
        writer.Begin("Test");
        write(writer, value);
        writer.End();
        Assert.Equal(json, Encoding.UTF8.GetString(buffer.Written));
    }
}

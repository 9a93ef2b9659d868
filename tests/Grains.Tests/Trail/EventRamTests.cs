using Orleans.Kms.Grains.Access;
using Orleans.Kms.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>What events tell of RAM, STS and ActionTrail, and of who calls.</summary>
public sealed class EventRamTests
{
    [Theory]
    [InlineData("ram:CreateUser", "ACS::RAM::User", "userName-1")]
    [InlineData("ram:UpdateUser", "ACS::RAM::User", "userName-1")]
    [InlineData("ram:CreateAccessKey", "ACS::RAM::User;ACS::RAM::AccessKey", "userName-1;accessKeyId-1")]
    [InlineData("ram:UpdateAccessKey", "ACS::RAM::User;ACS::RAM::AccessKey", "userName-1;accessKeyId-1")]
    [InlineData("ram:ListUsers", "", "")]
    [InlineData("ram:AddUserToGroup", "ACS::RAM::User;ACS::RAM::Group", "userName-1;groupName-1")]
    [InlineData("ram:UpdateGroup", "ACS::RAM::Group", "groupName-1,newGroupName-1")]
    [InlineData("ram:AttachPolicyToRole", "ACS::RAM::Policy;ACS::RAM::Role", "policyName-1;roleName-1")]
    [InlineData("ram:CreateRole", "ACS::RAM::Role", "roleName-1")]
    [InlineData("ram:CreatePolicyVersion", "ACS::RAM::Policy", "policyName-1")]
    [InlineData("actiontrail:CreateTrail", "ACS::ActionTrail::Trail", "name-1")]
    [InlineData("actiontrail:LookupEvents", "", "")]
    public void An_action_names_what_it_is_about(string action, string types, string names)
    {
        var method = EventSamples.Methods().Single(method => EventSamples.Name(method) == action);
        var e = EventSamples.Call(method).Returned(EventSamples.Result(method));
        Assert.Equal(types, e.TryGetProperty("resourceType", out var type) ? type.GetString() : "");
        Assert.Equal(names, e.TryGetProperty("resourceName", out var name) ? name.GetString() : "");
    }

    [Fact]
    public void A_new_access_key_is_told_without_its_secret()
    {
        var made = new RamNewAccessKey(new("LTAInew", true, EventCall.Time), EventSamples.Canary);
        var e = EventCall.Of<IRamUsersGrain>(users => users.CreateAccessKey("bob"), EventCall.Account).Returned(made);
        Assert.Equal("""{"AccessKey":{"AccessKeyId":"LTAInew","Status":"Active","CreateDate":"2026-03-01T08:16:02Z"}}""", e.GetProperty("responseElements").GetRawText());
        Assert.Equal("""{"UserName":"bob"}""", e.GetProperty("requestParameters").GetRawText());
        Assert.Equal("bob;LTAInew", e.GetProperty("resourceName").GetString());
    }

    [Fact]
    public void A_user_who_names_nobody_is_meant_itself()
    {
        var e = EventCall.Of<IRamUsersGrain>(users => users.ListAccessKeys(null), EventCall.Account).Returned(Array.Empty<RamAccessKey>());
        Assert.Equal("alice", e.GetProperty("resourceName").GetString());
        Assert.Equal("{}", e.GetProperty("requestParameters").GetRawText());
    }

    [Fact]
    public void A_session_is_told_without_secret_and_token()
    {
        var session = new AssumedRole(new("STS.new", EventSamples.Canary, EventSamples.Canary, EventCall.Time), "acs:ram::1000000000000001:role/apollo/job", "3:job");
        var settings = new SessionSettings(900, """{"Version":"1"}""", "partner-7");
        var e = EventCall.Of<IStsGrain>(sts => sts.AssumeRole("acs:ram::2000000000000002:role/apollo", "job", settings), EventCall.Account).Returned(session);
        Assert.Equal(
            """{"Credentials":{"AccessKeyId":"STS.new","Expiration":"2026-03-01T08:16:02Z"},"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/apollo/job","AssumedRoleId":"3:job"}}""",
            e.GetProperty("responseElements").GetRawText());
        Assert.Equal(
            """{"RoleArn":"acs:ram::2000000000000002:role/apollo","RoleSessionName":"job","DurationSeconds":"900","Policy":"{\"Version\":\"1\"}","ExternalId":"partner-7"}""",
            e.GetProperty("requestParameters").GetRawText());
        Assert.Equal("ACS::RAM::Role;ACS::RAM::AccessKey", e.GetProperty("resourceType").GetString());
        Assert.Equal("apollo;STS.new", e.GetProperty("resourceName").GetString());
        Assert.Equal("Read", e.GetProperty("eventRW").GetString());
        // The account of the caller has the event, whosever the role is.
        Assert.Equal(EventCall.Account, e.GetProperty("recipientAccountId").GetString());
    }

    [Fact]
    public void A_change_tells_new_values_by_their_names()
    {
        var e = EventCall.Of<IRamUsersGrain>(users => users.UpdateUser("bob", new("bobby", null, "", null, "x")), EventCall.Account).Failed(RamErrors.NotExist(RamErrors.User, "The user bob does not exist."));
        Assert.Equal("""{"UserName":"bob","NewUserName":"bobby","NewMobilePhone":"","NewComments":"x"}""", e.GetProperty("requestParameters").GetRawText());
        Assert.Equal("bob,bobby", e.GetProperty("resourceName").GetString());
        Assert.Equal("EntityNotExist.User", e.GetProperty("errorCode").GetString());
    }

    [Fact]
    public void Flags_are_told_as_the_API_has_them()
    {
        Assert.Equal("""{"UserName":"bob","UserAccessKeyId":"LTAIold","Status":"Inactive"}""", Parameters<IRamUsersGrain>(users => users.UpdateAccessKey("bob", "LTAIold", false)));
        Assert.Equal(
            """{"PolicyName":"p","PolicyDocument":"{}","SetAsDefault":"true","RotateStrategy":"DeleteOldestNonDefaultVersionWhenLimitExceeded"}""",
            Parameters<IRamPoliciesGrain>(policies => policies.CreatePolicyVersion("p", "{}", true, true)));
        Assert.Equal("""{"PolicyName":"p","CascadingDelete":"false"}""", Parameters<IRamPoliciesGrain>(policies => policies.DeletePolicy("p", false)));
        Assert.Equal("""{"PolicyType":"Custom","Marker":"m","MaxItems":"5"}""", Parameters<IRamPoliciesGrain>(policies => policies.ListPolicies(PolicyType.Custom, new("m", 5))));
        Assert.Equal("""{"NameList":"a,b"}""", Parameters<IActionTrailGrain>(trails => trails.DescribeTrails(new[] { "a", "b" })));
    }

    [Theory]
    [InlineData(null, null, "root-account", EventCall.Account, "root")]
    [InlineData("209900000000000017", "alice", "ram-user", "209900000000000017", "alice")]
    [InlineData("209900000000000017", null, "ram-user", "209900000000000017", "209900000000000017")]
    public void Who_calls_is_told_and_a_name_that_is_not_known_is_the_id(string? userId, string? name, string type, string principalId, string userName)
    {
        var rights = userId is null ? Rights.OfRoot(EventCall.Account) : name is null ? null : Rights.OfUser(EventCall.Account, new(name, []));
        var identity = EventCall.Of<IRamUsersGrain>(users => users.GetUser("bob"), EventCall.Account)
            .By(new(EventCall.Account, "LTAIx", userId, null, EventCall.Time, EventCall.Facts), rights).Returned(null).GetProperty("userIdentity");
        Assert.Equal($$"""{"type":"{{type}}","principalId":"{{principalId}}","accountId":"1000000000000001","accessKeyId":"LTAIx","userName":"{{userName}}"}""", identity.GetRawText());
    }

    [Fact]
    public void Names_of_two_access_keys_that_share_rights_are_not_mixed_up()
    {
        var rights = Rights.OfUser(EventCall.Account, new("alice", []));
        foreach (var accessKeyId in new[] { "LTAIone", "LTAItwo", "LTAIone" })
        {
            var e = EventCall.Of<IRamUsersGrain>(users => users.GetUser("bob"), EventCall.Account).By(new(EventCall.Account, accessKeyId, "17", null, EventCall.Time, EventCall.Facts), rights).Returned(null);
            Assert.Equal(accessKeyId, e.GetProperty("userIdentity").GetProperty("accessKeyId").GetString());
        }
    }

    private static string Parameters<T>(System.Linq.Expressions.Expression<Func<T, object>> call) => EventCall.Of(call, EventCall.Account).Returned(null).GetProperty("requestParameters").GetRawText();
}

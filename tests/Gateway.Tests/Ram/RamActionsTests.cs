using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Gateway.Sts;

namespace Orleans.Kms.Gateway.Tests.Ram;

public sealed class RamActionsTests
{
    private static readonly RamActionAttribute[] Declared = [.. typeof(RamActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface)
        .SelectMany(type => type.GetMethods()).Select(method => method.GetCustomAttribute<RamActionAttribute>()).OfType<RamActionAttribute>()];

    /// <summary>What each action cannot do without.</summary>
    public static TheoryData<string, string, string[]> Required => new()
    {
        { "2015-05-01", "CreateUser", ["UserName"] },
        { "2015-05-01", "GetUser", ["UserName"] },
        { "2015-05-01", "UpdateUser", ["UserName"] },
        { "2015-05-01", "DeleteUser", ["UserName"] },
        { "2015-05-01", "ListUsers", [] },
        { "2015-05-01", "CreateAccessKey", [] },
        { "2015-05-01", "UpdateAccessKey", ["UserAccessKeyId", "Status=Active"] },
        { "2015-05-01", "DeleteAccessKey", ["UserAccessKeyId"] },
        { "2015-05-01", "ListAccessKeys", [] },
        { "2015-05-01", "GetAccessKeyLastUsed", ["UserAccessKeyId"] },
        { "2015-05-01", "CreatePolicy", ["PolicyName", "PolicyDocument"] },
        { "2015-05-01", "GetPolicy", ["PolicyName", "PolicyType=Custom"] },
        { "2015-05-01", "DeletePolicy", ["PolicyName"] },
        { "2015-05-01", "ListPolicies", [] },
        { "2015-05-01", "UpdatePolicyDescription", ["PolicyName", "NewDescription"] },
        { "2015-05-01", "CreatePolicyVersion", ["PolicyName", "PolicyDocument"] },
        { "2015-05-01", "GetPolicyVersion", ["PolicyType=System", "PolicyName", "VersionId"] },
        { "2015-05-01", "ListPolicyVersions", ["PolicyType=System", "PolicyName"] },
        { "2015-05-01", "SetDefaultPolicyVersion", ["PolicyName", "VersionId"] },
        { "2015-05-01", "DeletePolicyVersion", ["PolicyName", "VersionId"] },
        { "2015-05-01", "AttachPolicyToUser", ["PolicyType=System", "PolicyName", "UserName"] },
        { "2015-05-01", "AttachPolicyToGroup", ["PolicyType=System", "PolicyName", "GroupName"] },
        { "2015-05-01", "AttachPolicyToRole", ["PolicyType=System", "PolicyName", "RoleName"] },
        { "2015-05-01", "DetachPolicyFromUser", ["PolicyType=System", "PolicyName", "UserName"] },
        { "2015-05-01", "DetachPolicyFromGroup", ["PolicyType=System", "PolicyName", "GroupName"] },
        { "2015-05-01", "DetachPolicyFromRole", ["PolicyType=System", "PolicyName", "RoleName"] },
        { "2015-05-01", "ListPoliciesForUser", ["UserName"] },
        { "2015-05-01", "ListPoliciesForGroup", ["GroupName"] },
        { "2015-05-01", "ListPoliciesForRole", ["RoleName"] },
        { "2015-05-01", "ListEntitiesForPolicy", ["PolicyType=System", "PolicyName"] },
        { "2015-05-01", "CreateRole", ["RoleName", "AssumeRolePolicyDocument"] },
        { "2015-05-01", "GetRole", ["RoleName"] },
        { "2015-05-01", "UpdateRole", ["RoleName"] },
        { "2015-05-01", "DeleteRole", ["RoleName"] },
        { "2015-05-01", "ListRoles", [] },
        { "2015-05-01", "CreateGroup", ["GroupName"] },
        { "2015-05-01", "GetGroup", ["GroupName"] },
        { "2015-05-01", "UpdateGroup", ["GroupName"] },
        { "2015-05-01", "DeleteGroup", ["GroupName"] },
        { "2015-05-01", "ListGroups", [] },
        { "2015-05-01", "AddUserToGroup", ["UserName", "GroupName"] },
        { "2015-05-01", "RemoveUserFromGroup", ["UserName", "GroupName"] },
        { "2015-05-01", "ListGroupsForUser", ["UserName"] },
        { "2015-05-01", "ListUsersForGroup", ["GroupName"] },
        { "2015-04-01", "AssumeRole", ["RoleArn", "RoleSessionName"] },
        { "2015-04-01", "GetCallerIdentity", [] },
    };

    [Theory, MemberData(nameof(Required))]
    public async Task What_is_missing_is_named(string version, string action, string[] required)
    {
        var all = required.Select(parameter => parameter.Split('=')).Select(parts => (Name: parts[0], Value: parts.ElementAtOrDefault(1) ?? "x")).ToArray();
        foreach (var (missing, _) in all)
        {
            var error = await Assert.ThrowsAsync<ApiException>(() => Call(version, action, [.. all.Where(p => p.Name != missing)]));
            Assert.Equal((400, "Missing" + missing), (error.Status, error.Code));
        }
        // With all of them the call gets as far as its grain, which is not there.
        await Assert.ThrowsAsync<NullReferenceException>(() => Call(version, action, all));
    }

    [Theory]
    [InlineData("GetPolicy", "InvalidParameter.PolicyType", "PolicyName=a", "PolicyType=custom")]
    [InlineData("ListPolicies", "InvalidParameter.PolicyType", "PolicyType=All")]
    [InlineData("ListPolicies", "InvalidParameter.MaxItems", "MaxItems=0")]
    [InlineData("ListUsers", "InvalidParameter.MaxItems", "MaxItems=1001")]
    [InlineData("ListGroups", "InvalidParameter.MaxItems", "MaxItems=-1")]
    [InlineData("ListRoles", "InvalidParameter.MaxItems", "MaxItems=ten")]
    [InlineData("ListUsersForGroup", "InvalidParameter.MaxItems", "GroupName=a", "MaxItems=99999999999")]
    [InlineData("UpdateAccessKey", "InvalidParameter.Status", "UserAccessKeyId=a", "Status=active")]
    [InlineData("DeletePolicy", "InvalidParameter.CascadingDelete", "PolicyName=a", "CascadingDelete=1")]
    [InlineData("CreatePolicyVersion", "InvalidParameter.SetAsDefault", "PolicyName=a", "PolicyDocument=x", "SetAsDefault=yes")]
    [InlineData("CreatePolicyVersion", "InvalidParameter.RotateStrategy", "PolicyName=a", "PolicyDocument=x", "RotateStrategy=Always")]
    [InlineData("CreateRole", "InvalidParameter.MaxSessionDuration", "RoleName=a", "AssumeRolePolicyDocument=x", "MaxSessionDuration=1h")]
    [InlineData("UpdateRole", "InvalidParameter.NewMaxSessionDuration", "RoleName=a", "NewMaxSessionDuration=1.5")]
    public async Task What_is_malformed_is_named(string action, string code, params string[] parameters) =>
        await AssertMalformed(RamActions.Version, action, code, parameters);

    [Theory]
    [InlineData("InvalidParameter.DurationSeconds", "DurationSeconds=3600.0")]
    [InlineData("InvalidParameter.SourceIdentity", "SourceIdentity=a")]
    public async Task What_is_malformed_of_a_session_is_named(string code, string parameter) =>
        await AssertMalformed(StsActions.Version, "AssumeRole", code, "RoleArn=a", "RoleSessionName=b", parameter);

    [Theory, InlineData("ram", "2015-05-01"), InlineData("sts", "2015-04-01")]
    public void Gateway_and_grains_have_the_same_actions(string service, string version)
    {
        var rows = version == RamActions.Version ? RamActions.Rows : StsActions.Rows;
        Assert.Equal(Declared.Where(action => action.Service == service).Select(action => action.Action).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Same(row.Value, ActionTable.Find(version, row.Key)));
    }

    [Fact]
    public void Every_action_has_its_row_here() =>
        Assert.Equal(RamActions.Rows.Keys.Concat(StsActions.Rows.Keys).Order(StringComparer.Ordinal), Required.Select(row => (string)row[1]!).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("2016-01-20", "CreateUser")]
    [InlineData("2015-05-01", "AssumeRole")]
    [InlineData("2015-05-01", "TagResources")]
    [InlineData("2015-04-01", "CreateKey")]
    [InlineData("2015-05-02", "CreateUser")]
    public void An_action_is_that_of_its_version(string version, string action) => Assert.Null(ActionTable.Find(version, action));

    // RAM has no dry run, and must not take the one of KMS for a reason not to act.
    [Fact]
    public async Task There_is_no_dry_run() => await Assert.ThrowsAsync<NullReferenceException>(() => Call(RamActions.Version, "ListUsers", ("DryRun", "true")));

    private static async Task AssertMalformed(string version, string action, string code, params string[] parameters)
    {
        var error = await Record.ExceptionAsync(() => Call(version, action, [.. parameters.Select(p => p.Split('=')).Select(p => (p[0], p[1]))]));
        var failure = Failure.Of(error!, version);
        Assert.Equal((400, code), (failure.Status, failure.Code));
    }

    private static async Task Call(string version, string action, params (string Name, string Value)[] parameters) =>
        await ActionTable.Find(version, action)!(Requests.Call(parameters));
}

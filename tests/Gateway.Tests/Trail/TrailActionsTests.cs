using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Trail;

namespace Orleans.Kms.Gateway.Tests.Trail;

public sealed class TrailActionsTests
{
    private static readonly string[] Named = ["CreateTrail", "UpdateTrail", "DeleteTrail", "GetTrailStatus", "StartLogging", "StopLogging"];

    public static TheoryData<string, string, bool> Actions
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var version in new[] { "2020-07-06", "2017-12-04" })
            {
                foreach (var action in Named) data.Add(version, action, true);
                data.Add(version, "LookupEvents", false);
                data.Add(version, "DescribeTrails", false);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Actions))]
    public async Task What_is_missing_is_named(string version, string action, bool needsName)
    {
        // With all of them the call gets as far as its grain, which is not there.
        await Assert.ThrowsAsync<NullReferenceException>(() => Call(version, action, ("Name", "a-trail")));
        if (!needsName) return;
        var error = await Assert.ThrowsAsync<ApiException>(() => Call(version, action));
        Assert.Equal((400, "MissingName"), (error.Status, error.Code));
    }

    [Theory]
    [InlineData("LookupEvents", "InvalidParameter.StartTime", "StartTime=2026-03-01")]
    [InlineData("LookupEvents", "InvalidParameter.StartTime", "StartTime=2026-03-01T08:15:30+08:00")]
    [InlineData("LookupEvents", "InvalidParameter.StartTime", "StartTime=2026-03-01T08:15:30.000Z")]
    [InlineData("LookupEvents", "InvalidParameter.EndTime", "EndTime=now")]
    [InlineData("LookupEvents", "InvalidParameter.MaxResults", "MaxResults=ten")]
    [InlineData("LookupEvents", "InvalidParameter.MaxResults", "MaxResults=-1")]
    [InlineData("CreateTrail", "InvalidParameter.IsOrganizationTrail", "Name=a", "IsOrganizationTrail=yes")]
    [InlineData("GetTrailStatus", "UnsupportedOperation", "Name=a", "IsOrganizationTrail=true")]
    public async Task What_is_malformed_is_named(string action, string code, params string[] parameters)
    {
        foreach (var version in new[] { TrailActions.Version, TrailActions.OlderVersion }) Assert.Equal(code, await Code(version, action, parameters));
    }

    [Theory, InlineData("CreateTrail"), InlineData("UpdateTrail")]
    public async Task A_topic_is_refused_where_there_was_one(string action)
    {
        Assert.Equal("UnsupportedOperation", await Code(TrailActions.OlderVersion, action, "Name=a", "MnsTopicArn=acs:mns:x"));
        await Assert.ThrowsAsync<NullReferenceException>(() => Call(TrailActions.Version, action, ("Name", "a"), ("MnsTopicArn", "acs:mns:x")));
    }

    [Fact]
    public void Gateway_and_grains_have_the_same_actions()
    {
        var declared = typeof(RamActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface).SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<RamActionAttribute>()).OfType<RamActionAttribute>().Where(action => action.Service == "actiontrail").Select(action => action.Action);
        var actions = declared.Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(actions, TrailActions.Rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(actions, TrailActions.OlderRows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(actions, Actions.Where(row => row[0] is "2020-07-06").Select(row => (string)row[1]).Order(StringComparer.Ordinal));
        Assert.All(actions, action => Assert.Same(TrailActions.Rows[action], ActionTable.Find("2020-07-06", action)));
        Assert.All(actions, action => Assert.Same(TrailActions.OlderRows[action], ActionTable.Find("2017-12-04", action)));
    }

    private static async Task<string> Code(string version, string action, params string[] parameters)
    {
        var error = await Record.ExceptionAsync(() => Call(version, action, [.. parameters.Select(p => p.Split('=')).Select(p => (p[0], p[1]))]));
        var failure = Failure.Of(error!, version);
        Assert.Equal(400, failure.Status);
        return failure.Code;
    }

    private static async Task Call(string version, string action, params (string Name, string Value)[] parameters) =>
        await ActionTable.Find(version, action)!(Requests.Call(parameters));
}

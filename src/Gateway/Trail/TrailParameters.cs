using System.Globalization;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

/// <summary>Parameters as ActionTrail reads them.</summary>
internal static class TrailParameters
{
    private const string RolePart = ":role/";

    /// <summary>An optional time, in whole seconds and UTC.</summary>
    public static DateTimeOffset? Time(ActionCall call, string name) => call.Text(name) switch
    {
        null => null,
        { } text when DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw TrailErrors.Invalid(name, "has the form 2026-03-01T08:15:30Z"),
    };

    /// <summary>The name of the trail that is meant.</summary>
    public static string Name(ActionCall call)
    {
        RamParameters.Require(call, "Name");
        return call.Required("Name");
    }

    /// <summary>What is said of a trail.</summary>
    public static TrailSettings Settings(ActionCall call) => new(
        call.Text("EventRW"), call.Text("TrailRegion"), call.Text("OssBucketName"), RamParameters.Change(call, "OssKeyPrefix"), RamParameters.Change(call, "OssWriteRoleArn"),
        call.Text("SlsProjectArn"), call.Text("SlsWriteRoleArn"), call.Text("MaxComputeProjectArn"), call.Text("MaxComputeWriteRoleArn"), RamParameters.Flag(call, "IsOrganizationTrail"));

    /// <summary>What is said of a trail in the older version: it names the role, and a topic of another service.</summary>
    public static TrailSettings OlderSettings(ActionCall call)
    {
        if (call.Text("MnsTopicArn") is not null) throw TrailErrors.NotOffered("MnsTopicArn");
        var role = call.Text("RoleName");
        return Settings(call) with { OssWriteRoleArn = role is null ? null : $"acs:ram::{call.AccountId}{RolePart}{role}" };
    }

    /// <summary>The name of the role in its resource name.</summary>
    public static string RoleName(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}

using System.Globalization;
using System.Text.Json;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Tells what calls of ActionTrail want, and what their changes made.</summary>
internal static class ToldTrails
{
    private static readonly JsonEncodedText MaxResults = JsonEncodedText.Encode("MaxResults");

    /// <summary>Which events are looked for.</summary>
    public static void Query(EventJson json, EventQuery query)
    {
        if (query.StartTime is { } start) json.Time(JsonEncodedText.Encode("StartTime"), start);
        if (query.EndTime is { } end) json.Time(JsonEncodedText.Encode("EndTime"), end);
        json.Text("Direction", query.Direction);
        json.Number(MaxResults, query.MaxResults);
        json.Text("NextToken", query.NextToken);
        var filters = query.LookupAttributes ?? [];
        for (var i = 0; i < json.Items(filters.Length); i++) Filter(json, i + 1, filters[i]?.Key, filters[i]?.Value);
    }

    /// <summary>A trail's settings.</summary>
    public static void Settings(EventJson json, TrailSettings settings)
    {
        json.Text("EventRW", settings.EventRW);
        json.Text("TrailRegion", settings.TrailRegion);
        json.Text("OssBucketName", settings.OssBucketName);
        json.Text("OssKeyPrefix", settings.OssKeyPrefix);
        json.Text("OssWriteRoleArn", settings.OssWriteRoleArn);
        json.Text("SlsProjectArn", settings.SlsProjectArn);
        json.Text("SlsWriteRoleArn", settings.SlsWriteRoleArn);
        json.Text("MaxComputeProjectArn", settings.MaxComputeProjectArn);
        json.Text("MaxComputeWriteRoleArn", settings.MaxComputeWriteRoleArn);
        json.Text("IsOrganizationTrail", settings.IsOrganizationTrail ? "true" : "false");
    }

    /// <summary>A trail.</summary>
    public static void Trail(EventJson json, TrailDescription trail)
    {
        json.Text("Name", trail.Name);
        json.Text("HomeRegion", trail.HomeRegion);
        json.Text("EventRW", trail.EventRW);
        json.Text("TrailRegion", trail.TrailRegion);
        json.Text("OssBucketName", trail.OssBucketName);
        json.Text("OssKeyPrefix", trail.OssKeyPrefix);
        json.Text("OssWriteRoleArn", trail.OssWriteRoleArn);
    }

    private static void Filter(EventJson json, int number, string? key, string? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"LookupAttribute.{number}.");
        json.Text(name + "Key", key);
        json.Text(name + "Value", value);
    }
}

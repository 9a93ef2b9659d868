using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

/// <summary>Writes trails. Texts that a trail does not have are empty, times are left out.</summary>
internal static class TrailFields
{
    /// <summary>What the answer to a creation or a change tells.</summary>
    public static void WriteSettings(ResponseWriter response, TrailDescription trail)
    {
        WriteCommon(response, trail);
        response.Text("OssWriteRoleArn", trail.OssWriteRoleArn);
        response.Text("SlsProjectArn", "");
        response.Text("SlsWriteRoleArn", "");
    }

    /// <summary>The same in the older version.</summary>
    public static void WriteOlderSettings(ResponseWriter response, TrailDescription trail)
    {
        WriteCommon(response, trail);
        response.Text("RoleName", TrailParameters.RoleName(trail.OssWriteRoleArn));
        response.Text("SlsProjectArn", "");
        response.Text("SlsWriteRoleArn", "");
        response.Text("MnsTopicArn", "");
    }

    /// <summary>All fields.</summary>
    public static void Write(ResponseWriter response, TrailDescription trail)
    {
        WriteSettings(response, trail);
        WriteRest(response, trail);
    }

    /// <summary>All fields of the older version.</summary>
    public static void WriteOlder(ResponseWriter response, TrailDescription trail)
    {
        WriteOlderSettings(response, trail);
        WriteRest(response, trail);
    }

    /// <summary>How the delivery of a trail does.</summary>
    public static void WriteStatus(ResponseWriter response, TrailStatus status)
    {
        response.Boolean("IsLogging", status.Trail.State == TrailState.Enable);
        WriteTime(response, "StartLoggingTime", status.Trail.StartedAt);
        WriteTime(response, "StopLoggingTime", status.Trail.StoppedAt);
        WriteTime(response, "LatestDeliveryTime", status.DeliveredAt);
        response.Text("LatestDeliveryError", status.DeliveryError ?? "");
        response.Text("LatestDeliveryLogServiceError", "");
        response.Boolean("OssBucketStatus", status.DeliveryError is null);
        response.Boolean("SlsLogStoreStatus", false);
    }

    private static void WriteCommon(ResponseWriter response, TrailDescription trail)
    {
        response.Text("Name", trail.Name);
        response.Text("HomeRegion", trail.HomeRegion);
        response.Text("EventRW", trail.EventRW);
        response.Text("TrailRegion", trail.TrailRegion);
        response.Text("OssBucketName", trail.OssBucketName);
        response.Text("OssKeyPrefix", trail.OssKeyPrefix);
    }

    private static void WriteRest(ResponseWriter response, TrailDescription trail)
    {
        response.Text("Status", trail.State.ToString());
        response.Text("Region", trail.HomeRegion);
        response.Text("TrailArn", trail.Arn);
        response.Text("OssBucketLocation", "");
        response.Time("CreateTime", trail.CreatedAt);
        response.Time("UpdateTime", trail.UpdatedAt);
        WriteTime(response, "StartLoggingTime", trail.StartedAt);
        WriteTime(response, "StopLoggingTime", trail.StoppedAt);
        response.Boolean("IsOrganizationTrail", false);
        response.Text("OrganizationId", "");
        response.Integer("IsShadowTrail", 0);
    }

    private static void WriteTime(ResponseWriter response, string name, DateTimeOffset? time)
    {
        if (time is { } at) response.Time(name, at);
    }
}

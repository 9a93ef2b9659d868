namespace Orleans.Kms.Trail;

/// <summary>A trail.</summary>
/// <param name="Name">Unique in the account.</param>
/// <param name="State">Whether it delivers.</param>
/// <param name="EventRW"><c>Write</c>, <c>Read</c> or <c>All</c>.</param>
/// <param name="TrailRegion">A region's id, or <c>All</c>.</param>
/// <param name="HomeRegion">The region that it was made in.</param>
/// <param name="Arn">Its name as a resource, <c>acs:actiontrail:REGION:ACCOUNT:trail/NAME</c>.</param>
/// <param name="OssBucketName">Where it delivers to.</param>
/// <param name="OssKeyPrefix">What the names of objects begin with; may be empty.</param>
/// <param name="OssWriteRoleArn">As given; may be empty.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When its settings were changed last (UTC).</param>
/// <param name="StartedAt">When it was told last to deliver (UTC); null if never.</param>
/// <param name="StoppedAt">When it was told last to stop (UTC); null if never.</param>
[GenerateSerializer, Immutable, Alias("kms.trail")]
public sealed record TrailDescription(
    [property: Id(0)] string Name, [property: Id(1)] TrailState State, [property: Id(2)] string EventRW, [property: Id(3)] string TrailRegion, [property: Id(4)] string HomeRegion,
    [property: Id(5)] string Arn, [property: Id(6)] string OssBucketName, [property: Id(7)] string OssKeyPrefix, [property: Id(8)] string OssWriteRoleArn,
    [property: Id(9)] DateTimeOffset CreatedAt, [property: Id(10)] DateTimeOffset UpdatedAt, [property: Id(11)] DateTimeOffset? StartedAt, [property: Id(12)] DateTimeOffset? StoppedAt);

/// <summary>Whether a trail delivers; the names are the API's. The numbers are stored.</summary>
[GenerateSerializer]
public enum TrailState
{
    /// <summary>It was never told to.</summary>
    Fresh = 0,
    /// <summary>It does.</summary>
    Enable = 1,
    /// <summary>It was told to stop.</summary>
    Disable = 2,
}

/// <summary>How a trail's delivery does.</summary>
/// <param name="Trail">The trail.</param>
/// <param name="DeliveredAt">When it delivered an object last (UTC); null if never.</param>
/// <param name="DeliveryError">Why it cannot deliver at the moment; null if it can, as far as is known.</param>
[GenerateSerializer, Immutable, Alias("kms.trail-status")]
public sealed record TrailStatus([property: Id(0)] TrailDescription Trail, [property: Id(1)] DateTimeOffset? DeliveredAt, [property: Id(2)] string? DeliveryError);

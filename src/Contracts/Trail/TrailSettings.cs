namespace Orleans.Kms.Trail;

/// <summary>What a caller says of a trail, under the API's names; null is not said: the default at creation, unchanged in a change.</summary>
/// <param name="EventRW">Which events: <c>Write</c>, <c>Read</c> or <c>All</c>, the default.</param>
/// <param name="TrailRegion">Events of which region: its id, or <c>All</c>, the default. Events of global services are of every region.</param>
/// <param name="OssBucketName">Where they are delivered to; required at creation.</param>
/// <param name="OssKeyPrefix">What the names of objects begin with; empty for nothing, the default.</param>
/// <param name="OssWriteRoleArn">Kept and told, without effect: the operator decides how the service writes to a bucket.</param>
/// <param name="SlsProjectArn">Not offered.</param>
/// <param name="SlsWriteRoleArn">Not offered.</param>
/// <param name="MaxComputeProjectArn">Not offered.</param>
/// <param name="MaxComputeWriteRoleArn">Not offered.</param>
/// <param name="IsOrganizationTrail">Not offered: a trail is of one account.</param>
[GenerateSerializer, Immutable, Alias("kms.trail-settings")]
public sealed record TrailSettings(
    [property: Id(0)] string? EventRW = null, [property: Id(1)] string? TrailRegion = null, [property: Id(2)] string? OssBucketName = null, [property: Id(3)] string? OssKeyPrefix = null,
    [property: Id(4)] string? OssWriteRoleArn = null, [property: Id(5)] string? SlsProjectArn = null, [property: Id(6)] string? SlsWriteRoleArn = null,
    [property: Id(7)] string? MaxComputeProjectArn = null, [property: Id(8)] string? MaxComputeWriteRoleArn = null, [property: Id(9)] bool IsOrganizationTrail = false);

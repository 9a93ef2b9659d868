using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Trail;

/// <summary>The events of an account and its trails, which deliver copies of them; the grain key is the account id. Failures are those that <see cref="TrailErrors"/> names.</summary>
[Alias("kms.action-trail")]
public interface IActionTrailGrain : IGrainWithStringKey
{
    /// <summary>A page of the account's events. What was recorded before the call is in it.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.UserThrottled"/>: too many lookups in this second, or at once. <see cref="KmsErrorCode.Throttled"/>: too many of all accounts wait.</exception>
    [Alias("lookup-events"), RamAction("actiontrail", "LookupEvents", ActionAccess.Read, "*")]
    Task<EventPage> LookupEvents(EventQuery query);

    /// <summary>Makes a trail. It delivers nothing until <see cref="StartLogging"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InsufficientBucketPolicy"/>: the bucket is not one of the service's, or cannot be written now.</exception>
    [Alias("create-trail"), RamAction("actiontrail", "CreateTrail", ActionAccess.Write, "trail/{name}")]
    Task<TrailDescription> CreateTrail(string name, TrailSettings settings);

    /// <summary>Changes a trail. What was recorded before is delivered as it was to be.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InsufficientBucketPolicy"/>: the bucket is not one of the service's, or cannot be written now.</exception>
    [Alias("update-trail"), RamAction("actiontrail", "UpdateTrail", ActionAccess.Write, "trail/{name}")]
    Task<TrailDescription> UpdateTrail(string name, TrailSettings settings);

    /// <summary>Removes a trail. What it was to deliver by then is still delivered.</summary>
    [Alias("delete-trail"), RamAction("actiontrail", "DeleteTrail", ActionAccess.Write, "trail/{name}")]
    Task DeleteTrail(string name);

    /// <summary>Trails, in order of name.</summary>
    /// <param name="nameList">Which ones; those that there are not are left out. Null for all.</param>
    [Alias("describe-trails"), RamAction("actiontrail", "DescribeTrails", ActionAccess.Read, "*")]
    Task<TrailDescription[]> DescribeTrails(string[]? nameList);

    /// <summary>How a trail's delivery does.</summary>
    [Alias("get-trail-status"), RamAction("actiontrail", "GetTrailStatus", ActionAccess.Read, "trail/{name}")]
    Task<TrailStatus> GetTrailStatus(string name);

    /// <summary>Has a trail deliver what is recorded from now on. Nothing changes if it does so already.</summary>
    [Alias("start-logging"), RamAction("actiontrail", "StartLogging", ActionAccess.Write, "trail/{name}")]
    Task StartLogging(string name);

    /// <summary>Has a trail deliver nothing of what is recorded from now on. Nothing changes if it does not anyway.</summary>
    [Alias("stop-logging"), RamAction("actiontrail", "StopLogging", ActionAccess.Write, "trail/{name}")]
    Task StopLogging(string name);
}

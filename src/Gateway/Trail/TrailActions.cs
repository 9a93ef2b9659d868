using System.Collections.Frozen;
using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Trail;

/// <summary>The actions of ActionTrail: one row each. Its older API has the same, with some parameters of other names.</summary>
internal static class TrailActions
{
    /// <summary>The version of the API.</summary>
    public const string Version = "2020-07-06";

    /// <summary>The version before.</summary>
    public const string OlderVersion = "2017-12-04";

    /// <summary>What carries them out, by name.</summary>
    public static FrozenDictionary<string, Func<ActionCall, ValueTask>> Rows { get; } =
        new Dictionary<string, Func<ActionCall, ValueTask>>
        {
            ["CreateTrail"] = CreateTrailAction.Handle,
            ["DeleteTrail"] = DeleteTrailAction.Handle,
            ["DescribeTrails"] = DescribeTrailsAction.Handle,
            ["GetTrailStatus"] = GetTrailStatusAction.Handle,
            ["LookupEvents"] = LookupEventsAction.Handle,
            ["StartLogging"] = StartLoggingAction.Handle,
            ["StopLogging"] = StopLoggingAction.Handle,
            ["UpdateTrail"] = UpdateTrailAction.Handle,
        }.ToFrozenDictionary();

    /// <summary>What carries those of the older version out.</summary>
    public static FrozenDictionary<string, Func<ActionCall, ValueTask>> OlderRows { get; } =
        new Dictionary<string, Func<ActionCall, ValueTask>>(Rows)
        {
            ["CreateTrail"] = CreateTrailAction.HandleOlder,
            ["DescribeTrails"] = DescribeTrailsAction.HandleOlder,
            ["LookupEvents"] = LookupEventsAction.HandleOlder,
            ["UpdateTrail"] = UpdateTrailAction.HandleOlder,
        }.ToFrozenDictionary();
}

using System.Collections.Frozen;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Gateway.Sts;
using Orleans.Kms.Gateway.Trail;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>All actions of all API versions.</summary>
internal static class ActionTable
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, Func<ActionCall, ValueTask>>> Versions =
        new Dictionary<string, FrozenDictionary<string, Func<ActionCall, ValueTask>>>
        {
            [KmsActions.Version] = KmsActions.Rows,
            [RamActions.Version] = RamActions.Rows,
            [StsActions.Version] = StsActions.Rows,
            [TrailActions.Version] = TrailActions.Rows,
            [TrailActions.OlderVersion] = TrailActions.OlderRows,
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Services = new Dictionary<string, string>
    {
        [KmsActions.Version] = "kms",
        [RamActions.Version] = "ram",
        [StsActions.Version] = "sts",
        [TrailActions.Version] = "actiontrail",
        [TrailActions.OlderVersion] = "actiontrail",
    }.ToFrozenDictionary();

    // One for all requests of an action.
    private static readonly FrozenDictionary<(string Version, string Action), ApiAction> ApiActions =
        Versions.SelectMany(version => version.Value.Keys.Select(action => (version.Key, action))).ToFrozenDictionary(row => row, row => new ApiAction(Services[row.Key], row.action));

    /// <summary>The names of all actions of the KMS API.</summary>
    public static IEnumerable<string> Names => KmsActions.Rows.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether any action has that version.</summary>
    public static bool HasVersion(string version) => Versions.ContainsKey(version);

    /// <summary>What carries an action out, or null if there is no such action in that version.</summary>
    public static Func<ActionCall, ValueTask>? Find(string version, string action) => Versions.GetValueOrDefault(version)?.GetValueOrDefault(action);

    /// <summary>What the trail calls an action that there is.</summary>
    public static ApiAction Named(string version, string action) => ApiActions[(version, action)];
}

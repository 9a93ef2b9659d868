using System.Collections.Frozen;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Gateway.Sts;

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
        }.ToFrozenDictionary();

    /// <summary>The names of all actions of the KMS API.</summary>
    public static IEnumerable<string> Names => KmsActions.Rows.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether any action has that version.</summary>
    public static bool HasVersion(string version) => Versions.ContainsKey(version);

    /// <summary>What carries an action out, or null if there is no such action in that version.</summary>
    public static Func<ActionCall, ValueTask>? Find(string version, string action) => Versions.GetValueOrDefault(version)?.GetValueOrDefault(action);
}

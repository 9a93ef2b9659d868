using System.Collections.Frozen;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>All actions of all API versions: one row each.</summary>
internal static class ActionTable
{
    private const string Kms = "2016-01-20";

    private static readonly FrozenDictionary<(string Version, string Action), Func<ActionCall, ValueTask>> Rows =
        new Dictionary<(string, string), Func<ActionCall, ValueTask>>
        {
            [(Kms, "CreateKey")] = CreateKeyAction.Handle,
            [(Kms, "Decrypt")] = DecryptAction.Handle,
            [(Kms, "DescribeKey")] = DescribeKeyAction.Handle,
            [(Kms, "DescribeRegions")] = DescribeRegionsAction.Handle,
            [(Kms, "DisableKey")] = DisableKeyAction.Handle,
            [(Kms, "EnableKey")] = EnableKeyAction.Handle,
            [(Kms, "Encrypt")] = EncryptAction.Handle,
            [(Kms, "GenerateDataKey")] = GenerateDataKeyAction.Handle,
            [(Kms, "GenerateDataKeyWithoutPlaintext")] = GenerateDataKeyWithoutPlaintextAction.Handle,
            [(Kms, "ListKeys")] = ListKeysAction.Handle,
        }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Versions = Rows.Keys.Select(k => k.Version).ToFrozenSet();

    /// <summary>Whether any action has that version.</summary>
    public static bool HasVersion(string version) => Versions.Contains(version);

    /// <summary>What carries an action out, or null if there is no such action in that version.</summary>
    public static Func<ActionCall, ValueTask>? Find(string version, string action) => Rows.GetValueOrDefault((version, action));
}

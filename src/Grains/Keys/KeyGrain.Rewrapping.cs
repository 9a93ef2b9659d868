using Microsoft.Extensions.Logging;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <content>Another root key for the material.</content>
internal sealed partial class KeyGrain
{
    public async Task<int> Rewrap(int rootKeyVersion)
    {
        RequireInStep();
        if (_record is not { ProtectionLevel: ProtectionLevel.Hsm } record) return 0;
        var versions = record.Versions.ToArray();
        var rewrapped = new List<Guid>();
        for (var i = 0; i < versions.Length && rewrapped.Count < IKeyServiceGrain.RewrappedAtOnce; i++)
        {
            var version = versions[i];
            if (!version.HasMaterial) continue;
            if (await storedMaterial.Rewrap(_grainKey, version.Id, record.Spec, record.Usage, version.Material, rootKeyVersion) is not { } material) continue;
            versions[i] = version with { Material = material };
            rewrapped.Add(version.Id);
        }
        if (rewrapped.Count > 0) await SaveRewrapped(record with { Versions = versions }, rewrapped, rootKeyVersion);
        // A walk over all keys must not leave all of them in memory.
        if (rewrapped.Count < IKeyServiceGrain.RewrappedAtOnce && _materials.Count == 0) DeactivateOnIdle();
        return rewrapped.Count;
    }

    private async Task SaveRewrapped(KeyRecord next, List<Guid> rewrapped, int rootKeyVersion)
    {
        await Save(next, null);
        // Opened anew, from what is stored now. The unwrapped keys in the token are the same and stay.
        foreach (var id in rewrapped)
        {
            if (_materials.Remove(id, out var material)) material.Dispose();
        }
        metrics.Rewrapped(rewrapped.Count);
        LogRewrapped(logger, rewrapped.Count, _keyId, rootKeyVersion);
    }

    [LoggerMessage(9, LogLevel.Debug, "{Count} versions of key {KeyId} are wrapped under root key {RootKeyVersion} now.")]
    private static partial void LogRewrapped(ILogger logger, int count, Guid keyId, int rootKeyVersion);
}

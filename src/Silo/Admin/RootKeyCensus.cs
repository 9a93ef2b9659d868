using System.Security.Cryptography;
using System.Text.Json;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Opens the stored material of every key version and counts which root key wraps it. The database is asked each time: nothing is remembered.</summary>
internal sealed class RootKeyCensus
{
    private readonly SortedDictionary<int, int> _byRootKey = [];

    /// <summary>Key versions of protection level HSM, by the version of the root key that wraps them.</summary>
    public IReadOnlyDictionary<int, int> ByRootKey => _byRootKey;

    /// <summary>Key versions of protection level SOFTWARE.</summary>
    public int Software { get; private set; }

    /// <summary>The root key that wraps the key of the trail, which is counted nowhere else; null if it is not of level HSM.</summary>
    public int? OfTrail { get; private set; }

    /// <summary>Whether there is a key of the trail.</summary>
    public bool HasTrail { get; private set; }

    /// <summary>CMKs.</summary>
    public int Keys { get; private set; }

    /// <summary>What does not open, with the reason.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Takes the census.</summary>
    /// <param name="grains">The grains' database.</param>
    /// <param name="open">Opens, for a key version, what is sealed at a place.</param>
    /// <param name="tryOut">Fails unless a key opens in the token; null to count only.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RootKeyCensus> Take(
        System.Data.Common.DbDataSource grains, Func<Guid, byte[], byte[], ValueTask<byte[]>> open, Action<HsmKey>? tryOut, CancellationToken cancellation)
    {
        var census = new RootKeyCensus();
        foreach (var page in new StoredStates<KeyRecord>(grains, KeyRecord.StateName).Pages())
        {
            foreach (var state in page)
            {
                cancellation.ThrowIfCancellationRequested();
                await census.Add(state, open, tryOut);
            }
        }
        return census;
    }

    /// <summary>One line: how many versions are wrapped under which root key.</summary>
    public string Describe() => _byRootKey.Count == 0
        ? "no key version of protection level HSM"
        : string.Join(", ", _byRootKey.Select(count => $"{count.Value} key version{(count.Value == 1 ? "" : "s")} under {KeyTemplate.RootKeyLabel(count.Key)}"));

    private async Task Add(StoredState<KeyRecord> state, Func<Guid, byte[], byte[], ValueTask<byte[]>> open, Action<HsmKey>? tryOut)
    {
        if (state.GrainKey == TrailKey.GrainKey) HasTrail = true;
        else Keys++;
        if (state.Record is not { } record)
        {
            Failures.Add($"key {state.GrainKey}: {state.Failure}");
            return;
        }
        foreach (var version in record.Versions.Where(version => version.HasMaterial))
        {
            try { await Add(state.GrainKey, record, version, open, tryOut); }
            // Not what a token does that is out of order: then nothing is known of any key.
            catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
            {
                Failures.Add($"key {state.GrainKey}, version {version.Id:D}: {e.Message}");
            }
        }
    }

    private async Task Add(string grainKey, KeyRecord record, KeyVersionRecord version, Func<Guid, byte[], byte[], ValueTask<byte[]>> open, Action<HsmKey>? tryOut)
    {
        var place = StoredMaterial.Place(grainKey, version.Id, record.Spec, record.Usage, record.ProtectionLevel);
        var content = await open(version.Id, place, version.Material);
        try
        {
            if (tryOut is not null && version.PublicKey is { Length: > 0 } publicKey) await open(version.Id, StoredMaterial.PublicPlace(place), publicKey);
            if (record.ProtectionLevel == ProtectionLevel.Software)
            {
                if (grainKey != TrailKey.GrainKey) Software++;
                return;
            }
            var wrapped = StoredMaterial.Wrapped(content);
            if (grainKey == TrailKey.GrainKey) OfTrail = wrapped.RootKeyVersion;
            else _byRootKey[wrapped.RootKeyVersion] = _byRootKey.GetValueOrDefault(wrapped.RootKeyVersion) + 1;
            tryOut?.Invoke(new HsmKey(version.Id, wrapped, record.Spec, record.Usage));
        }
        finally { CryptographicOperations.ZeroMemory(content); }
    }
}

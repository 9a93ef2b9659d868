using Orleans.Concurrency;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>
/// Makes the material of new versions beside the CMK's own grain: a key pair takes seconds, for which DisableKey must not wait. Holds nothing.
/// </summary>
[StatelessWorker, Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class KeyVersionMakerGrain(StoredMaterial storedMaterial, SiloPass pass, TimeProvider clock) : Grain, IKeyVersionMakerGrain
{
    public async Task<KeyVersion> CreateVersion()
    {
        var grainKey = this.GetPrimaryKeyString();
        if (!KeyId.TryParseGrainKey(grainKey, out _, out var keyId)) throw new KmsException(KmsErrorCode.KeyNotFound);
        pass.Attach();
        var key = GrainFactory.GetGrain<IKeyServiceGrain>(grainKey);
        var kind = await key.RequireNewVersion();
        var version = await KeyVersionRecord.Make(storedMaterial, grainKey, kind.Spec, kind.Usage, kind.ProtectionLevel, clock);
        await key.AddVersion(version);
        return new(keyId, version.Id, version.CreatedAt);
    }
}

using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <content>Imported material.</content>
internal sealed partial class KeyGrain
{
    public Task<ImportParameters> GetParameters(WrappingAlgorithm algorithm, KeySpec wrappingKeySpec)
    {
        var record = RequireRecord(KeyOperation.GetParametersForImport);
        return import.Offer(_grainKey, record.Spec, record.ProtectionLevel, algorithm, wrappingKeySpec);
    }

    // What takes time is done beside the key's own calls; the change itself is one of them.
    public async Task Import(byte[] importToken, byte[] encryptedMaterial, DateTimeOffset? expiresAt)
    {
        CheckExpiry(expiresAt);
        var record = RequireRecord(KeyOperation.ImportKeyMaterial);
        using var unwrapped = await import.Unwrap(_grainKey, record.Spec, record.ProtectionLevel, importToken, encryptedMaterial);
        var stored = await storedMaterial.Store(_grainKey, record.Primary().Id, record.Spec, record.ProtectionLevel, unwrapped.Content);
        while (!await Adopt(new(stored, await Check(unwrapped), expiresAt, unwrapped.IsOutsideHsm))) { }
        LogImported(logger, _keyId, unwrapped.IsOutsideHsm ? "outside the HSM, by a setting" : record.ProtectionLevel == ProtectionLevel.Hsm ? "inside the HSM" : "in software");
    }

    public async Task<bool> AdoptMaterial(ImportedMaterial material)
    {
        var record = RequireRecord(KeyOperation.ImportKeyMaterial);
        // A check that was made anew is one of the first material only.
        if (record.MaterialCheck is { } known && !known.AsSpan().SequenceEqual(material.Check)) return false;
        CheckExpiry(material.ExpiresAt);
        await Save(MaterialRules.With(record, material));
        return true;
    }

    public async Task DeleteMaterial()
    {
        RequireRecord(KeyOperation.DeleteKeyMaterial);
        if (_record!.Primary().HasMaterial) await Save(MaterialRules.Without(_record));
        // An earlier try may have failed to reach the token.
        else await TakeOutOfUse();
    }

    private Task<bool> Adopt(ImportedMaterial material)
    {
        pass.Attach();
        return GrainFactory.GetGrain<IKeyServiceGrain>(_grainKey).AdoptMaterial(material);
    }

    private async Task<byte[]> Check(UnwrappedMaterial unwrapped)
    {
        var record = RequireRecord(KeyOperation.ImportKeyMaterial);
        if (record.MaterialCheck is not { } known) return await import.Check(_keyId, record.Spec, record.ProtectionLevel, unwrapped);
        return await import.IsSame(_keyId, record.Spec, record.ProtectionLevel, unwrapped, known) ? known : throw new KmsException(KmsErrorCode.InvalidKeyMaterial);
    }

    private void CheckExpiry(DateTimeOffset? expiresAt)
    {
        if (expiresAt <= clock.GetUtcNow()) throw KmsException.InvalidParameter("KeyMaterialExpireUnix");
    }

    private Task ExpireIfDue() => MaterialRules.IsExpired(_record!, clock.GetUtcNow()) ? Save(MaterialRules.Without(_record!), null) : Task.CompletedTask;

    // Whatever the call was: one that changes a key whose material has expired saves it without the material, and nobody comes to expire it any more.
    private async Task MaterialEnded(bool isExpired)
    {
        if (isExpired)
        {
            metrics.MaterialExpired();
            LogExpired(logger, _keyId);
        }
        await TakeOutOfUse();
    }

    [LoggerMessage(7, LogLevel.Information, "Key material of key {KeyId} was imported {Where}.")]
    private static partial void LogImported(ILogger logger, Guid keyId, string where);

    [LoggerMessage(8, LogLevel.Information, "The imported material of key {KeyId} has expired: it is deleted.")]
    private static partial void LogExpired(ILogger logger, Guid keyId);
}

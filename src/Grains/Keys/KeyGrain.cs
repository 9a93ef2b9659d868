using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>
/// One CMK. Cryptographic calls interleave with everything, so each reads <see cref="_record"/> once, when it starts; the record is replaced only after
/// its successor is durable. That makes a change take effect before its call returns, and never before it is safe.
/// </summary>
internal sealed partial class KeyGrain(
    [PersistentState(KeyRecord.StateName, StorageNames.Grains)] IPersistentState<KeyRecord> stored,
    StoredMaterial storedMaterial, MaterialImport import, HsmWorkers workers, TokenCapabilities token, KeyIndex index, AliasLister aliases, Wakeups wakeups, KeyMetrics metrics, SiloPass pass, Changes changes,
    IOptions<KmsOptions> options, TimeProvider clock, ILogger<KeyGrain> logger)
    : Grain, IKeyGrain, IKeyLifecycleGrain, IKeyVersionsGrain, IKeyLabelsGrain, IDataKeysGrain, IAsymmetricKeyGrain, IKeyImportGrain, IKeyServiceGrain, IChangingGrain, IRemindable
{
    private readonly Dictionary<Guid, KeyMaterial> _materials = [];
    private KeyRecord? _record;
    private bool _outOfStep;
    private string _grainKey = "";
    private string _accountId = "";
    private Guid _keyId;
    private ShortLife? _absence;
    private string? _arn;

    /// <summary>The key's name as a resource.</summary>
    public string Arn => _arn ??= KeyId.Arn(options.Value.RegionId, _accountId, _keyId);

    /// <summary>The key's tags at this moment; fails if there is no such key, or if nobody knows.</summary>
    public IReadOnlyList<Tag> PolicyTags => Existing().Tags;

    private Quota Quota => Quota.Of(options.Value.Quotas, _accountId);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _grainKey = this.GetPrimaryKeyString();
        if (!KeyId.TryParseGrainKey(_grainKey, out var accountId, out _keyId)) throw new KmsException(KmsErrorCode.KeyNotFound);
        _accountId = accountId;
        _record = stored.RecordExists ? stored.State : null;
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        DropMaterials();
        return Task.CompletedTask;
    }

    private void EndSoon() => (_absence ??= new(this, () => _record is not null)).Begin();

    private void RequireInStep()
    {
        if (_outOfStep) throw new KmsException(KmsErrorCode.ServiceUnavailable);
    }

    private KeyRecord Existing()
    {
        RequireInStep();
        if (_record is { State: not KeyState.PendingDeletion, MaterialExpiresAt: null } record) return record;
        if (_record is not null) return Existing(_record, clock.GetUtcNow());
        EndSoon();
        throw new KmsException(KmsErrorCode.KeyNotFound);
    }

    // The stored times decide, whether or not the service has come to do what is due.
    private KeyRecord Existing(KeyRecord record, DateTimeOffset now)
    {
        if (KeySchedule.IsOver(record, now)) throw new KmsException(KmsErrorCode.KeyNotFound);
        if (MaterialRules.IsExpired(record, now)) DropMaterials();
        return MaterialRules.At(record, now);
    }

    // Existence, then kind, then state: the documented order of errors.
    private KeyRecord RequireRecord(KeyOperation operation) => Fit(operation, Existing());

    private static KeyRecord Fit(KeyOperation operation, KeyRecord record)
    {
        if (KeyFitness.Refusal(operation, record.Spec, record.Usage, record.Origin) is { } unfit)
        {
            var isOrigin = unfit == KmsErrorCode.UnsupportedOrigin || (operation == KeyOperation.UpdateRotationPolicy && record.Spec.IsSymmetric());
            var kind = isOrigin ? $"Origin {record.Origin.ApiName()}" : $"KeySpec {record.Spec.ApiName()} and KeyUsage {record.Usage.ApiName()}";
            throw new KmsException(unfit, $"{unfit.StandardMessage()} The key is of {kind}.");
        }
        return KeyStateMatrix.Refusal(operation, record.State) is { } refusal ? throw new KmsException(refusal) : record;
    }

    private static KeyRow Row(KeyRecord record) => new(new(record.State, record.Spec, record.Usage, record.ProtectionLevel), KeySchedule.DueAt(record), record.Versions.Count, record.Tags);

    private Task Save(KeyRecord next) => Save(next, ChangeDraft.Current);

    // The index hears of a change before it is made and after it is durable; the reminder is set first, for a tick without a reason is harmless, and a lack of one is not.
    private async Task Save(KeyRecord next, ChangeDraft? change)
    {
        var (before, after) = (_record is null ? null : Row(_record), Row(next));
        var isTold = after.Equals(before);
        if (!isTold && _record is not null) await index.Touch(_accountId, _keyId, clock.GetUtcNow());
        if (after.DueAt is { } due && due != before?.DueAt) await wakeups.Set(this.GetGrainId(), due);
        var (endsMaterial, isExpired) = _record is null ? default : (MaterialRules.Ends(_record, next), MaterialRules.IsExpired(_record, clock.GetUtcNow()));
        var expiry = endsMaterial && isExpired ? changes.OfService("ExpireKeyMaterial", _accountId, Resource) : null;
        next = next with { Change = await Announce(change, clears: false) ?? next.Change, Expiry = await Announce(expiry, clears: false) ?? _record?.Expiry };
        stored.State = next;
        await Store(stored.WriteStateAsync);
        _record = next;
        if (endsMaterial) await MaterialEnded(isExpired);
        await changes.Done(expiry);
        if (!isTold) await Reflect();
    }

    // After a failed write nobody knows whether it landed: this activation refuses everything, and the next one reads again.
    private async Task Store(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e)
        {
            _outOfStep = true;
            DeactivateOnIdle();
            LogNotSaved(logger, _keyId, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    // The change is durable: a row that cannot be put right now stays touched, and is settled later.
    private async Task Reflect()
    {
        try { await Settle(); }
        catch (KmsException e) { LogNotReflected(logger, _keyId, e.Code); }
    }

    private Task<KeyVersionRecord> NewVersion(KeySpec spec, KeyUsage usage, ProtectionLevel level) => KeyVersionRecord.Make(storedMaterial, _grainKey, spec, usage, level, clock);

    // Callers look again afterwards: while the token worked the key may have been disabled, and nothing may be left open then.
    private async ValueTask OpenMaterial(KeyVersionRecord version)
    {
        var record = _record!;
        var opened = await storedMaterial.Open(_grainKey, _keyId, version.Id, record.Spec, record.Usage, record.ProtectionLevel, version.Material);
        // Of a version that was re-wrapped meanwhile the old form would be of no use for long.
        var unwanted = _outOfStep || _record is not { State: KeyState.Enabled } || !ReferenceEquals(_record.Version(version.Id), version);
        if (unwanted || !_materials.TryAdd(version.Id, opened)) opened.Dispose();
    }

    private void DropMaterials()
    {
        foreach (var material in _materials.Values) material.Dispose();
        _materials.Clear();
    }

    // All versions: an earlier activation may have left one open. The key is out of use already; a token that does not answer now loses the handles with its session.
    private async Task ForgetInToken(KeyRecord record)
    {
        if (record.ProtectionLevel != ProtectionLevel.Hsm) return;
        try { await Task.WhenAll(record.Versions.Select(version => workers.For(version.Id, record.Spec).Forget(version.Id).AsTask())); }
        catch (Exception e) when (e is KmsException or TimeoutException or OrleansException) { LogNotForgotten(logger, _keyId, e.Message); }
    }

    private KeyMetadata Metadata(KeyRecord record)
    {
        var rotation = KeySchedule.Rotation(record);
        return new(
            _keyId, Arn, record.State, record.Spec, record.Usage, record.Origin, record.ProtectionLevel,
            record.Description, record.Creator, record.CreatedAt,
            record.Spec.IsSymmetric() && record.Primary().HasMaterial ? record.Primary().Id : Guid.Empty, record.Primary().CreatedAt,
            record.State == KeyState.PendingDeletion ? record.DeletesAt : null, record.MaterialExpiresAt,
            rotation, record.RotationInterval, KeySchedule.NextRotationAt(record), record.IsDeletionProtected, record.DeletionProtectionDescription, record.IsImportedOutsideHsm);
    }

    [LoggerMessage(1, LogLevel.Error, "The state of key {KeyId} could not be saved.")]
    private static partial void LogNotSaved(ILogger logger, Guid keyId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The token did not drop all handles of key {KeyId}: {Reason}")]
    private static partial void LogNotForgotten(ILogger logger, Guid keyId, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The index row of key {KeyId} is out of date until the next repair: {Code}")]
    private static partial void LogNotReflected(ILogger logger, Guid keyId, KmsErrorCode code);
}

using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <content>What the service itself asks of the key.</content>
internal sealed partial class KeyGrain
{
    public async Task<KeyMetadata> Create(KeySettings settings)
    {
        RequireInStep();
        if (_record is not null) throw new InvalidOperationException("The key exists.");
        if (settings.Origin == KeyOrigin.External) import.Expect();
        var version = settings.Origin == KeyOrigin.External ? KeyVersionRecord.WithoutMaterial(clock) : await NewVersion(settings.Spec, settings.Usage, settings.ProtectionLevel);
        // Which key it is, nobody knew before.
        var change = ChangeDraft.Current?.Telling(
            $$$"""
            "resourceType":"{{{Resource.Type}}}","resourceName":"{{{_keyId}}}","referencedResources":{"{{{Resource.Type}}}":["{{{_keyId}}}"]},"responseElements":{"KeyMetadata":{"KeyId":"{{{_keyId}}}"}}
            """, TrailTerm.Of(TrailField.ResourceName, Resource.Name));
        await Save(new KeyRecord
        {
            State = settings.FirstState(),
            Spec = settings.Spec,
            Usage = settings.Usage,
            Origin = settings.Origin,
            ProtectionLevel = settings.ProtectionLevel,
            Description = settings.Description,
            Creator = _accountId,
            CreatedAt = version.CreatedAt,
            RotationInterval = settings.RotationInterval,
            Tags = settings.Tags ?? [],
            Versions = [version],
        }, change);
        return Metadata(_record!);
    }

    public async Task<bool> Settle()
    {
        RequireInStep();
        if (_record is not null) await index.Put(_accountId, _keyId, Row(_record));
        // The row goes last: it brings the sweep back as long as there are aliases.
        else if (await aliases.DropSome(_accountId, _keyId)) await index.Remove(_accountId, _keyId);
        if (_record is null) EndSoon();
        return _record is not null;
    }

    public Task Require(KeyOperation operation)
    {
        RequireRecord(operation);
        return Task.CompletedTask;
    }

    public ValueTask<Tag[]> TagsForPolicies() => new([.. PolicyTags]);

    public async Task RunDue()
    {
        RequireInStep();
        if (_record is not null && KeySchedule.IsOver(_record, clock.GetUtcNow())) await Destroy();
        if (_record is not null) await ExpireIfDue();
        if (_record is not null) await RotateIfDue();
        await Settle();
    }

    public Task<bool> TookPlace(Guid change, bool clears)
    {
        RequireInStep();
        return Task.FromResult(clears ? _record is null : _record is not null && (_record.Change == change || _record.Expiry == change));
    }

    private (string Type, string Name) Resource => ("ACS::KMS::Key", _keyId.ToString());

    private Task<Guid?> Announce(ChangeDraft? change, bool clears) => changes.Announce(change, this.GetGrainId(), clears, TookPlace);

    // The tick says nothing that counts: what is due is in the state.
    public async Task ReceiveReminder(string reminderName, Orleans.Runtime.TickStatus status)
    {
        await RunDue();
        if (_record is null || KeySchedule.DueAt(_record) is not { } due) await wakeups.Clear(this.GetGrainId());
        else await wakeups.Set(this.GetGrainId(), due);
    }

    // The row is touched, so that no list shows the key any more; then the material goes, whatever stops the rest. Aliases and the index row follow: the row goes last, and brings the
    // sweep back until then.
    private async Task Destroy()
    {
        LogDestroying(logger, _keyId);
        await TakeOutOfUse();
        await index.Touch(_accountId, _keyId, clock.GetUtcNow());
        var change = changes.OfService("DestroyKey", _accountId, Resource);
        await Announce(change, clears: true);
        await Store(stored.ClearStateAsync);
        _record = null;
        metrics.Destroyed();
        await changes.Done(change);
    }

    [LoggerMessage(6, LogLevel.Information, "The deletion window of key {KeyId} has passed: it is destroyed.")]
    private static partial void LogDestroying(ILogger logger, Guid keyId);
}

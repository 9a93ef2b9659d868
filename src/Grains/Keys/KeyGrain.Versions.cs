using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Keys;

/// <content>Key versions and rotation.</content>
internal sealed partial class KeyGrain
{
    public Task<KeySettings> RequireNewVersion()
    {
        var record = RecordForNewVersion();
        return Task.FromResult(new KeySettings(record.Spec, record.Usage, record.Origin, record.ProtectionLevel, Description: ""));
    }

    public Task AddVersion(KeyVersionRecord version) => AddVersion(RecordForNewVersion(), version, ChangeDraft.Current);

    public Task<KeyVersion> DescribeVersion(Guid versionId) => Task.FromResult(Told(RequireVersion(KeyOperation.DescribeKeyVersion, versionId).Version));

    public Task<KeyVersionPage> ListVersions(PageRequest page)
    {
        PageRequest.Check(page);
        var versions = RequireRecord(KeyOperation.ListKeyVersions).Versions;
        var first = (int)Math.Min((page.Number - 1L) * page.Size, versions.Count);
        return Task.FromResult(new KeyVersionPage([.. versions.Skip(first).Take(page.Size).Select(Told)], versions.Count));
    }

    public async Task UpdateRotationPolicy(TimeSpan? interval)
    {
        if (interval is { } wanted) RotationInterval.Check(wanted);
        await Save(RequireRecord(KeyOperation.UpdateRotationPolicy) with { RotationInterval = interval });
        await RotateNow();
    }

    private KeyVersion Told(KeyVersionRecord version) => new(_keyId, version.Id, version.CreatedAt);

    private KeyRecord RecordForNewVersion()
    {
        var record = RequireRecord(KeyOperation.CreateKeyVersion);
        return KeySchedule.MayAddVersion(record, clock.GetUtcNow()) ? record : throw new KmsException(
            KmsErrorCode.RejectedUnsupportedOperation, $"Unsupported operation. The last key version is less than {KeyVersion.MinDaysBetween} days old.");
    }

    private async Task AddVersion(KeyRecord record, KeyVersionRecord version, ChangeDraft? change)
    {
        if (!await index.ReserveVersion(_accountId, _keyId, record.Versions.Count + 1, clock.GetUtcNow(), Quota)) throw KmsException.LimitExceeded("key versions");
        await Save(record with { Versions = [.. record.Versions, version] }, change);
    }

    // The change that made the rotation due has succeeded; a rotation that cannot be done now is the sweep's.
    private async Task RotateNow()
    {
        try { await RotateIfDue(); }
        catch (Exception e) when (e is KmsException or TimeoutException or OrleansException)
        {
            metrics.DueFailed();
            LogNotRotated(logger, _keyId, e.Message);
        }
    }

    private async Task RotateIfDue()
    {
        if (_record is null || !KeySchedule.IsRotationDue(_record, clock.GetUtcNow())) return;
        var record = _record;
        var version = await NewVersion(record.Spec, record.Usage, record.ProtectionLevel);
        var change = changes.OfService("RotateKey", _accountId, Resource);
        await AddVersion(record, version, change);
        metrics.Rotated();
        LogRotated(logger, _keyId, version.Id);
        await changes.Done(change);
    }

    [LoggerMessage(4, LogLevel.Information, "Key {KeyId} was rotated: its primary version is {KeyVersionId} now.")]
    private static partial void LogRotated(ILogger logger, Guid keyId, Guid keyVersionId);

    [LoggerMessage(5, LogLevel.Warning, "Key {KeyId} could not be rotated now; it will be tried again: {Reason}")]
    private static partial void LogNotRotated(ILogger logger, Guid keyId, string reason);
}

using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Access;

/// <content>What the service itself asks of the access key.</content>
internal sealed partial class AccessKeyGrain
{
    public async Task<AccessKeyState?> State()
    {
        if (_outOfStep) await ReadAgain();
        if (!stored.RecordExists) return null;
        _lastUsed ??= await uses.Last(_id);
        return new(stored.State.AccountId, stored.State.UserId, stored.State.Active, stored.State.CreatedAt, _lastUsed);
    }

    public async Task Issue(string accountId, string? userId, byte[] secret)
    {
        if (_outOfStep) await ReadAgain();
        if (stored.RecordExists) throw new InvalidOperationException("The access key exists.");
        var record = new AccessKeyRecord { AccountId = accountId, UserId = userId, IsBound = true, Active = true, CreatedAt = clock.GetUtcNow() };
        await Store(record with { SealedSecret = await seal.Seal(Guid.Empty, AccessKeyRecord.Place(_id, record), secret) }, ChangeDraft.Current?.Telling($$$"""
            "responseElements":{"AccessKey":{"AccessKeyId":"{{{_id}}}"}}
            """));
    }

    public async Task Verify()
    {
        if (_outOfStep) await ReadAgain();
        if (!stored.RecordExists) return;
        var record = stored.State;
        var secret = await seal.Open(Guid.Empty, AccessKeyRecord.Place(_id, record), record.SealedSecret);
        try
        {
            if (record.IsBound) return;
            var bound = record with { IsBound = true };
            await Store(bound with { SealedSecret = await seal.Seal(Guid.Empty, AccessKeyRecord.Place(_id, bound), secret) }, null);
        }
        finally { CryptographicOperations.ZeroMemory(secret); }
    }

    public async Task SetActive(bool isActive)
    {
        if (_outOfStep) await ReadAgain();
        if (stored.RecordExists && stored.State.Active != isActive) await Store(stored.State with { Active = isActive }, ChangeDraft.Current);
    }

    public async Task Remove()
    {
        if (_outOfStep) await ReadAgain();
        if (stored.RecordExists)
        {
            await Announce(ChangeDraft.Current, clears: true);
            await Store(stored.ClearStateAsync);
        }
        EndSoon();
    }

    public async Task<bool> TookPlace(Guid change, bool clears)
    {
        if (_outOfStep) await ReadAgain();
        return clears ? !stored.RecordExists : stored.RecordExists && stored.State.Change == change;
    }

    private Task<Guid?> Announce(ChangeDraft? change, bool clears) => changes.Announce(change, this.GetGrainId(), clears, TookPlace);

    private async Task Store(AccessKeyRecord record, ChangeDraft? change)
    {
        record = record with { Change = await Announce(change, clears: false) ?? record.Change };
        await Store(() =>
        {
            stored.State = record;
            return stored.WriteStateAsync();
        });
    }

    // After a failed write nobody knows whether it landed: before anything else is done, the state is read again. The activation stays, for it alone knows the nonces.
    private async Task Store(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e)
        {
            _outOfStep = true;
            LogNotStored(logger, _id, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    // Once for all who come meanwhile: a second reading could end after a change that followed the first one, and undo it here.
    private Task ReadAgain() => _reading.IsCompleted ? _reading = Read() : _reading;

    private async Task Read()
    {
        try
        {
            await stored.ReadStateAsync();
            _outOfStep = false;
        }
        catch (Exception e)
        {
            LogNotRead(logger, _id, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "The state of access key {AccessKeyId} could not be stored.")]
    private static partial void LogNotStored(ILogger logger, string accessKeyId, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The state of access key {AccessKeyId} could not be read after a failed write.")]
    private static partial void LogNotRead(ILogger logger, string accessKeyId, Exception exception);
}

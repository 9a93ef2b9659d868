using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <content>What the service itself asks of the access key.</content>
internal sealed partial class AccessKeyGrain
{
    public async Task<AccessKeyState?> State()
    {
        RequireInStep();
        if (!stored.RecordExists) return null;
        _lastUsed ??= await uses.Last(_id);
        return new(stored.State.AccountId, stored.State.UserId, stored.State.Active, stored.State.CreatedAt, _lastUsed);
    }

    public async Task Issue(string accountId, string? userId, byte[] secret)
    {
        RequireInStep();
        if (stored.RecordExists) throw new InvalidOperationException("The access key exists.");
        var record = new AccessKeyRecord { AccountId = accountId, UserId = userId, IsBound = true, Active = true, CreatedAt = clock.GetUtcNow() };
        await Store(record with { SealedSecret = await seal.Seal(Guid.Empty, AccessKeyRecord.Place(_id, record), secret) });
    }

    public async Task Verify()
    {
        if (!stored.RecordExists) return;
        var record = stored.State;
        var secret = await seal.Open(Guid.Empty, AccessKeyRecord.Place(_id, record), record.SealedSecret);
        try
        {
            if (record.IsBound) return;
            var bound = record with { IsBound = true };
            await Store(bound with { SealedSecret = await seal.Seal(Guid.Empty, AccessKeyRecord.Place(_id, bound), secret) });
        }
        finally { CryptographicOperations.ZeroMemory(secret); }
    }

    public async Task SetActive(bool isActive)
    {
        RequireInStep();
        if (stored.RecordExists && stored.State.Active != isActive) await Store(stored.State with { Active = isActive });
    }

    public async Task Remove()
    {
        RequireInStep();
        if (stored.RecordExists) await Store(stored.ClearStateAsync);
        EndSoon();
    }

    private Task Store(AccessKeyRecord record) => Store(() =>
    {
        stored.State = record;
        return stored.WriteStateAsync();
    });

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
            LogNotStored(logger, _id, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "The state of access key {AccessKeyId} could not be stored.")]
    private static partial void LogNotStored(ILogger logger, string accessKeyId, Exception exception);
}

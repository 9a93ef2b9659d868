using System.Data.Common;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Access;

/// <content>What the trail knows of the access key, and learns of it.</content>
internal sealed partial class AccessKeyGrain
{
    // Some ten MB to read; a key that signs more in half an hour than this has its requests of before refused for their date.
    private const int MaxRecalled = 1_000_000;

    // Once for all who come meanwhile.
    private Task Recall(string accountId, DateTimeOffset now) => _recalling.IsCompleted ? _recalling = RecallNonces(accountId, now) : _recalling;

    private async Task RecallNonces(string accountId, DateTimeOffset now)
    {
        if (!recorder.IsEnabled)
        {
            // An activation of this process has outlived all nonces that it knew.
            _since = recorder.Since;
            return;
        }
        var used = await Used(accountId, now);
        // A clock that was put back to before the trail began should not refuse everybody until it is there again.
        _since = used.IsComplete && used.Since <= now ? used.Since : now;
        foreach (var nonce in used.Nonces)
        {
            if (nonce.ExpiresAt >= now && _nonces.Use(nonce.Hash, nonce.ExpiresAt, now) == NonceVerdict.Full) _since = now;
        }
    }

    private async Task<TrailNonces> Used(string accountId, DateTimeOffset now)
    {
        try { return await trail.Nonces(_id, AccountNumber.Of(accountId), now - SigningWindow.LongestLife, MaxRecalled); }
        catch (DbException e) { throw e.Unavailable(); }
    }

    // Of an access key that there is. What nobody signed, or signed once and somebody sends again, is told a limited number of times: who knows no more than an access key's id, or has no more
    // than a captured request, should not be able to fill the trail.
    private async Task Tell(SignedRequest request, KmsException failure, DateTimeOffset now)
    {
        var isLimited = failure.Code is KmsErrorCode.SignatureMismatch or KmsErrorCode.TimestampExpired or KmsErrorCode.AccessKeyInactive or KmsErrorCode.InvalidSecurityToken or KmsErrorCode.NonceUsed;
        if (!isLimited && failure.Code is not KmsErrorCode.Throttled) return;
        if (Claimed(request) is not { } caller) return;
        if (isLimited && _told.IsSpent(now)) return;
        if (isLimited) _told.Spend(now);
        await recorder.NotAuthenticated(caller, await rights.Named(caller), request.Action, failure);
    }

    // Who it would be, were it true.
    private Caller? Claimed(SignedRequest request)
    {
        if (stored.RecordExists) return new(stored.State.AccountId, _id, stored.State.UserId, null, default, request.Facts);
        return _temporary is { } known && request.SecurityToken is { } token && known.Is(token) ? new(known.Session.AccountId, _id, null, known.Session.Role, default, request.Facts) : null;
    }
}

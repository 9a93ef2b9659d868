using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// One access key. The activation outlives every nonce it has seen: it is collected only after more idle time than a nonce can live.
/// </summary>
[CollectionAgeLimit(Minutes = 45)]
internal sealed class AccessKeyGrain(
    [PersistentState("access-key", StorageNames.Grains)] IPersistentState<AccessKeyRecord> stored,
    HsmWorkers workers, CallerTokenSeal tokens, NonceMemory memory, TimeProvider clock) : Grain, IAccessKeyGrain, IAccessKeyIssueGrain
{
    private readonly NonceWindow _nonces = new();
    private RequestVerifier? _verifier;
    private string _id = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetPrimaryKeyString();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _verifier?.Dispose();
        return Task.CompletedTask;
    }

    public Task<string?> Account() => Task.FromResult(stored.RecordExists ? stored.State.AccountId : null);

    public async Task Issue(string accountId, string principal, byte[] secret)
    {
        if (stored.RecordExists) throw new InvalidOperationException("The access key exists.");
        var worker = workers.For(Guid.Empty);
        stored.State = new AccessKeyRecord
        {
            AccountId = accountId,
            Principal = principal,
            SealedSecret = await worker.Seal(Place(), secret),
            Active = true,
            CreatedAt = clock.GetUtcNow(),
        };
        await stored.WriteStateAsync();
    }

    public async ValueTask<Authentication> Authenticate(SignedRequest request)
    {
        var now = clock.GetUtcNow();
        if (!SigningWindow.Accepts(request.Timestamp, now, memory.Since)) throw new KmsException(KmsErrorCode.TimestampExpired);
        var key = Known();
        _verifier ??= new RequestVerifier(await workers.For(Guid.Empty).Open(Place(), key.SealedSecret));
        if (!_verifier.Matches(request)) throw new KmsException(KmsErrorCode.SignatureMismatch);
        CheckNonce(request, now);
        return new(key.AccountId, tokens.Seal(key.AccountId, key.Principal, _id, request.Facts));
    }

    private AccessKeyRecord Known()
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
            throw new KmsException(KmsErrorCode.AccessKeyNotFound);
        }
        return stored.State.Active ? stored.State : throw new KmsException(KmsErrorCode.AccessKeyInactive);
    }

    private void CheckNonce(SignedRequest request, DateTimeOffset now)
    {
        if (request.Nonce.Length is 0 or > SignedRequest.MaxNonceLength) throw new KmsException(KmsErrorCode.NonceUsed);
        switch (_nonces.Use(request.Nonce, SigningWindow.End(request.Timestamp), now))
        {
            case NonceVerdict.Used: throw new KmsException(KmsErrorCode.NonceUsed);
            case NonceVerdict.Full: throw new KmsException(KmsErrorCode.Throttled);
        }
    }

    private byte[] Place() => Encoding.UTF8.GetBytes($"kms.access-key/1/{_id}");
}

using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// One access key. The activation outlives every nonce it has seen: it is collected only after more idle time than a nonce can live. Authentications interleave
/// where they wait for token or database.
/// </summary>
[CollectionAgeLimit(Minutes = 45)]
internal sealed class AccessKeyGrain(
    [PersistentState(AccessKeyRecord.StateName, StorageNames.Grains)] IPersistentState<AccessKeyRecord> stored,
    ServiceSeal seal, CallerTokenSeal tokens, NonceMemory memory, DurableNonces durable, TimeProvider clock) : Grain, IAccessKeyGrain, IAccessKeyServiceGrain
{
    private readonly NonceWindow _nonces = new();
    private RequestVerifier? _verifier;
    private string _id = "";
    private ShortLife? _absence;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetPrimaryKeyString();
        if (!stored.RecordExists) return;
        var now = clock.GetUtcNow();
        foreach (var (nonce, expiresAt) in await durable.Load(_id, now)) _nonces.Use(nonce, expiresAt, now);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _verifier?.Dispose();
        return Task.CompletedTask;
    }

    public async Task<AccessKeyState?> State()
    {
        if (!stored.RecordExists) return null;
        await Verifier(stored.State);
        return new(stored.State.AccountId, stored.State.UserId, stored.State.Active, stored.State.CreatedAt, null);
    }

    public async Task Issue(string accountId, string? userId, byte[] secret)
    {
        if (stored.RecordExists) throw new InvalidOperationException("The access key exists.");
        stored.State = new AccessKeyRecord
        {
            AccountId = accountId,
            UserId = userId,
            SealedSecret = await seal.Seal(Guid.Empty, Place(), secret),
            Active = true,
            CreatedAt = clock.GetUtcNow(),
        };
        await stored.WriteStateAsync();
    }

    public async Task SetActive(bool isActive)
    {
        if (!stored.RecordExists || stored.State.Active == isActive) return;
        stored.State = stored.State with { Active = isActive };
        await stored.WriteStateAsync();
    }

    public async Task Remove()
    {
        if (stored.RecordExists) await stored.ClearStateAsync();
    }

    public async ValueTask<Authentication> Authenticate(SignedRequest request)
    {
        var now = clock.GetUtcNow();
        if (!SigningWindow.Accepts(request.Timestamp, now, memory.Since)) throw new KmsException(KmsErrorCode.TimestampExpired);
        var key = Known();
        if (!(_verifier ?? await Verifier(key)).Matches(request)) throw new KmsException(KmsErrorCode.SignatureMismatch);
        CheckNonce(request, now);
        if (SigningWindow.OutlivesMemory(request.Timestamp, now)) await durable.Add(_id, request.Nonce, SigningWindow.End(request.Timestamp), now);
        return new(key.AccountId, tokens.Seal(key.AccountId, Caller.Root(key.AccountId), _id, request.Facts));
    }

    private async ValueTask<RequestVerifier> Verifier(AccessKeyRecord key)
    {
        if (_verifier is not null) return _verifier;
        var opened = new RequestVerifier(await seal.Open(Guid.Empty, Place(), key.SealedSecret));
        if (_verifier is null) return _verifier = opened;
        opened.Dispose();
        return _verifier;
    }

    private AccessKeyRecord Known()
    {
        if (!stored.RecordExists)
        {
            (_absence ??= new(this, () => stored.RecordExists)).Begin();
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

    private byte[] Place() => AccessKeyRecord.Place(_id);
}

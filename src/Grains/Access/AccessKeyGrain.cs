using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// One access key, permanent or temporary. The activation outlives every nonce it has seen: it is collected only after more idle time than a nonce can live. What an earlier
/// activation let in, it learns from the trail. Authentications interleave where they wait for token or database.
/// </summary>
[CollectionAgeLimit(Minutes = 45)]
internal sealed partial class AccessKeyGrain(
    [PersistentState(AccessKeyRecord.StateName, StorageNames.Grains)] IPersistentState<AccessKeyRecord> stored,
    ServiceSeal seal, CallerTokenSeal tokens, SecurityTokenSeal securityTokens, TrailReader trail, CallRecorder recorder, RightsCache rights, AccessKeyUses uses, FailedSources sources, Changes changes,
    IOptions<KmsOptions> options, TimeProvider clock, ILogger<AccessKeyGrain> logger) : Grain, IAccessKeyGrain, IAccessKeyServiceGrain, IChangingGrain
{
    private const string Expired = "Expired";

    // Not begun; a failure is tried again by the next request.
    private static readonly Task NothingRecalled = Task.FromCanceled(new CancellationToken(canceled: true));

    private static readonly TimeSpan UseIsTold = TimeSpan.FromMinutes(5);

    private readonly NonceWindow _nonces = new();
    private readonly FailureBudget _told = new(options.Value.Authentication.FailuresPerAccessKey);
    private readonly FailedSignatures _failures = new(sources, options.Value.Authentication.FailuresPerAccessKey);
    private RequestVerifier? _verifier;
    private TemporaryKey? _temporary;
    private string _id = "";
    private ShortLife? _absence;
    private bool _outOfStep;
    private Task _reading = Task.CompletedTask;
    private Task _recalling = NothingRecalled;
    private DateTimeOffset _since = DateTimeOffset.MinValue;
    private DateTimeOffset? _lastUsed;
    private DateTimeOffset _useTold;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetPrimaryKeyString();
        // Whatever it is called for: who is refused unlooked at should not fill the memory, either.
        if (!stored.RecordExists) EndSoon();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _verifier?.Dispose();
        _temporary?.Dispose();
        return Task.CompletedTask;
    }

    public async ValueTask<Authentication> Authenticate(SignedRequest request)
    {
        var now = clock.GetUtcNow();
        var source = request.Facts.SourceIp;
        _failures.Check(source, now);
        try
        {
            return AccessKeyId.IsTemporary(_id) ? await AuthenticateSession(request, now) : await AuthenticateKey(request, now);
        }
        catch (KmsException e)
        {
            // A token that is over is a genuine one.
            if (e is { Code: KmsErrorCode.SignatureMismatch or KmsErrorCode.AccessKeyNotFound or KmsErrorCode.InvalidSecurityToken, Subject: not Expired }) _failures.Count(source, now);
            await Tell(request, e, now);
            throw;
        }
    }

    private async ValueTask<Authentication> AuthenticateKey(SignedRequest request, DateTimeOffset now)
    {
        RequireInWindow(request, now);
        if (_outOfStep) await ReadAgain();
        var key = Known();
        if (request.SecurityToken is not null) throw Mismatch();
        var verifier = _verifier ?? await Verifier(key);
        // While the secret was opened the key may have been switched off or removed.
        key = Known();
        var nonce = await Check(key.AccountId, verifier, request, now);
        if (_lastUsed is null || now > _lastUsed) _lastUsed = now;
        if (now - _useTold >= UseIsTold) _ = TellUse(now, request.Facts.RequestId);
        return new(key.AccountId, tokens.Seal(key.AccountId, _id, key.UserId, null, request.Facts, nonce));
    }

    private async ValueTask<Authentication> AuthenticateSession(SignedRequest request, DateTimeOffset now)
    {
        RequireInWindow(request, now);
        var (session, verifier) = Temporary(request.SecurityToken ?? throw new KmsException(KmsErrorCode.NotAuthenticated, "SecurityToken is mandatory for this action."));
        if (session.ExpiresAt <= now) throw Invalid(Expired, "The specified SecurityToken is expired.");
        var nonce = await Check(session.AccountId, verifier, request, now);
        return new(session.AccountId, tokens.Seal(session.AccountId, _id, null, session.Role, request.Facts, nonce));
    }

    private static void RequireInWindow(SignedRequest request, DateTimeOffset now)
    {
        if (!SigningWindow.Accepts(request.Timestamp, now)) throw new KmsException(KmsErrorCode.TimestampExpired);
    }

    private async ValueTask<UsedNonce> Check(string accountId, RequestVerifier verifier, SignedRequest request, DateTimeOffset now)
    {
        if (!verifier.Matches(request)) throw new KmsException(KmsErrorCode.SignatureMismatch);
        if (request.Nonce.Length is 0 or > SignedRequest.MaxNonceLength) throw new KmsException(KmsErrorCode.NonceUsed);
        if (!_recalling.IsCompletedSuccessfully) await Recall(accountId, now);
        // It may have come before, and been answered by an activation of which too much is left to be looked through.
        if (request.Timestamp < _since) throw new KmsException(KmsErrorCode.TimestampExpired);
        var nonce = new UsedNonce(UsedNonce.HashOf(_id, request.Nonce), SigningWindow.End(request.Timestamp));
        switch (_nonces.Use(nonce.Hash, nonce.ExpiresAt, now))
        {
            case NonceVerdict.Used: throw new KmsException(KmsErrorCode.NonceUsed);
            case NonceVerdict.Full: throw new KmsException(KmsErrorCode.Throttled);
        }
        _failures.Know(request.Facts.SourceIp);
        return nonce;
    }

    private async ValueTask<RequestVerifier> Verifier(AccessKeyRecord key)
    {
        if (_verifier is not null) return _verifier;
        var opened = new RequestVerifier(await seal.Open(Guid.Empty, AccessKeyRecord.Place(_id, key), key.SealedSecret));
        if (_verifier is null) return _verifier = opened;
        opened.Dispose();
        return _verifier;
    }

    // The token comes with every request, and is the same each time.
    private (TemporarySession Session, RequestVerifier Verifier) Temporary(string token)
    {
        if (_temporary is { } known && known.Is(token)) return (known.Session, known.Verifier);
        if (token.Length > SignedRequest.MaxSecurityTokenLength || !securityTokens.TryOpen(token, out var session))
        {
            if (_temporary is null) EndSoon();
            throw Invalid("Malformed", "The specified SecurityToken is malformed.");
        }
        if (session.AccessKeyId != _id) throw Mismatch();
        var opened = new TemporaryKey(token, session);
        _temporary?.Dispose();
        _temporary = opened;
        return (session, opened.Verifier);
    }

    private AccessKeyRecord Known()
    {
        if (_outOfStep) throw new KmsException(KmsErrorCode.ServiceUnavailable);
        if (!stored.RecordExists)
        {
            EndSoon();
            throw new KmsException(KmsErrorCode.AccessKeyNotFound);
        }
        return stored.State.Active ? stored.State : throw new KmsException(KmsErrorCode.AccessKeyInactive);
    }

    private void EndSoon() => (_absence ??= new(this, () => stored.RecordExists || _temporary is not null)).Begin();

    private static KmsException Mismatch() => Invalid("MismatchWithAccessKey", "The specified SecurityToken does not match the AccessKey ID.");

    private static KmsException Invalid(string subject, string message) => new(KmsErrorCode.InvalidSecurityToken, message) { Subject = subject };

    // Nobody waits for it: what is lost is told by the next use.
    private async Task TellUse(DateTimeOffset now, string requestId)
    {
        _useTold = now;
        try { await uses.Tell(_id, now); }
        catch (KmsException e) { LogUseNotTold(logger, _id, requestId, e.Code); }
    }

    [LoggerMessage(1, LogLevel.Warning, "The last use of access key {AccessKeyId}, {RequestId}, could not be stored: {Code}")]
    private static partial void LogUseNotTold(ILogger logger, string accessKeyId, string requestId, KmsErrorCode code);

    /// <summary>Temporary credentials whose token was opened.</summary>
    private sealed class TemporaryKey(string token, TemporarySession session) : IDisposable
    {
        public TemporarySession Session { get; } = session;

        public RequestVerifier Verifier { get; } = new(session.Secret);

        public bool Is(string text) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(token.AsSpan()), MemoryMarshal.AsBytes(text.AsSpan()));

        public void Dispose() => Verifier.Dispose();
    }
}

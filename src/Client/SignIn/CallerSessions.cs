using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Access;
using Orleans.Kms.Client.Connection;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.SignIn;

/// <summary>
/// Keeps one client signed in. A token is renewed before it ends, once for all who call: until half of its life is over it is simply used, then it is used while a new one is
/// asked for, and shortly before its end callers wait for the new one.
/// </summary>
internal sealed partial class CallerSessions(KmsClientOptions options, TimeProvider clock, ILogger<CallerSessions> logger)
{
    /// <summary>From this age on a new token is asked for.</summary>
    public static readonly TimeSpan RenewedFrom = CallerToken.Lifetime / 2;

    /// <summary>Up to this age a token is used; what is left of its life is for calls on their way.</summary>
    public static readonly TimeSpan UsedUntil = CallerToken.Lifetime - TimeSpan.FromSeconds(20);

    // A refusal is answered to all who call in this time: what the service has refused once it need not be asked for every call.
    private static readonly TimeSpan RefusalStands = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private CallerSession? _session;
    private Task<CallerSession>? _renewal;
    private (KmsException Failure, long At)? _refusal;

    /// <summary>Which address of this machine the service sees, as far as the client knows.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>A session whose token is good for a call that begins now.</summary>
    /// <param name="grains">The service's grains.</param>
    /// <exception cref="KmsException">The sign-in was refused.</exception>
    public ValueTask<CallerSession> Current(IGrainFactory grains)
    {
        lock (_gate)
        {
            var age = _session is null ? TimeSpan.MaxValue : clock.GetElapsedTime(_session.BegunAt);
            if (age < RenewedFrom) return new(_session!);
            var isRefused = _refusal is { } refusal && clock.GetElapsedTime(refusal.At) < RefusalStands;
            if (!isRefused) _renewal ??= Detached.Run(() => Renew(grains));
            if (age < UsedUntil) return new(_session!);
            return isRefused ? throw new KmsException(_refusal!.Value.Failure.Code, _refusal.Value.Failure.Message) { Subject = _refusal.Value.Failure.Subject } : new(_renewal!);
        }
    }

    /// <summary>Takes note that the service did not accept the token of <paramref name="session"/>: it was made under another clock or secret.</summary>
    public void Refused(CallerSession session)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_session, session)) _session = null;
        }
    }

    private async Task<CallerSession> Renew(IGrainFactory grains)
    {
        try
        {
            var credentials = await CredentialsSource.Read(options);
            var begunAt = clock.GetTimestamp();
            var request = RequestSigner.Sign(credentials, Facts(), clock.GetUtcNow());
            var authentication = await grains.GetGrain<IAccessKeyGrain>(credentials.AccessKeyId).Authenticate(request);
            return Renewed(new(authentication.AccountId, authentication.Token, begunAt));
        }
        catch (Exception e)
        {
            Failed(e);
            throw;
        }
    }

    private CallerSession Renewed(CallerSession session)
    {
        lock (_gate)
        {
            (_session, _renewal, _refusal) = (session, null, null);
            return session;
        }
    }

    private void Failed(Exception failure)
    {
        var code = (failure as KmsException)?.ApiCode ?? failure.GetType().Name;
        LogNotSignedIn(logger, code);
        lock (_gate)
        {
            _renewal = null;
            if (failure is KmsException refusal && !CallRetry.MayPass(refusal)) _refusal = (refusal, clock.GetTimestamp());
        }
    }

    // No request id: the token serves many calls, and the trail gives each its own.
    private RequestFacts Facts() => new("", Address.ToString(), options.UserAgent, ConnectionTls.TargetHost, options.IsEncrypted);

    [LoggerMessage(1, LogLevel.Warning, "Orleans.Kms did not sign this client in: {Code}")]
    private static partial void LogNotSignedIn(ILogger logger, string code);
}

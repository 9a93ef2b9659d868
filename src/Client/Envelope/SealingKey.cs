using Microsoft.Extensions.Logging;
using Orleans.Kms.Client.Connection;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.Envelope;

/// <summary>
/// The data key that seals, within its limits. When three quarters of one are used up the next data key is made in the background, so that in the steady state nobody waits for
/// the service; at a limit callers wait.
/// </summary>
internal sealed partial class SealingKey(DataKeySource source, OpenedKeys opened, EnvelopeOptions options, TimeProvider clock, ILogger<SealingKey> logger)
{
    // After a failure in the background; callers that have to wait ask at once.
    private static readonly TimeSpan NextAttempt = TimeSpan.FromSeconds(1);

    private readonly (TimeSpan Age, int Uses, long Bytes) _limits = (options.MaxAge, options.MaxUses, options.MaxBytes);
    private readonly Lock _gate = new();
    private DataKey? _current;
    private int _uses;
    private long _bytes;
    private Task<DataKey>? _renewal;
    private long? _failedAt;
    private bool _isClosed;

    /// <summary>A data key for one plaintext, held for the caller.</summary>
    /// <param name="length">The plaintext's length, at most <see cref="EnvelopeOptions.MaxBytes"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<DataKey> Take(int length, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<DataKey> renewal;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isClosed, typeof(EnvelopeEncryption));
                if (Use(length) is { } key) return key;
                renewal = _renewal ??= Detached.Run(Renew);
            }
            // Too late to be used, and asking again would take as long.
            if (IsExpired(await renewal.WaitAsync(cancellationToken))) throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    /// <summary>Drops the data key if it is too old.</summary>
    public void DropExpired()
    {
        lock (_gate)
        {
            if (_current is not null && IsExpired(_current)) Replace(null);
        }
    }

    /// <summary>Drops the data key, for good.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Replace(null);
        }
    }

    private DataKey? Use(int length)
    {
        if (_current is null || IsExpired(_current) || _uses >= _limits.Uses || length > _limits.Bytes - _bytes || !_current.TryHold()) return null;
        _uses++;
        _bytes += length;
        var isNearLimit = clock.GetElapsedTime(_current.AskedAt) >= _limits.Age * 0.75 || _uses > _limits.Uses * 0.75 || _bytes > _limits.Bytes * 0.75;
        if (isNearLimit && !(_failedAt is { } failedAt && clock.GetElapsedTime(failedAt) < NextAttempt)) _renewal ??= Detached.Run(Renew);
        return _current;
    }

    private async Task<DataKey> Renew()
    {
        try
        {
            var key = await source.Generate();
            opened.Add(key);
            lock (_gate)
            {
                Replace(_isClosed ? null : key);
                (_renewal, _failedAt) = (null, null);
                if (_isClosed) key.Release();
            }
            return key;
        }
        catch (Exception e)
        {
            LogNotRenewed(logger, (e as KmsException)?.ApiCode ?? e.GetType().Name);
            lock (_gate) (_renewal, _failedAt) = (null, clock.GetTimestamp());
            throw;
        }
    }

    private bool IsExpired(DataKey key) => clock.GetElapsedTime(key.AskedAt) >= _limits.Age;

    private void Replace(DataKey? next)
    {
        _current?.Release();
        (_current, _uses, _bytes) = (next, 0, 0);
    }

    [LoggerMessage(1, LogLevel.Warning, "Orleans.Kms made no new data key: {Code}")]
    private static partial void LogNotRenewed(ILogger logger, string code);
}

using Microsoft.Extensions.Logging;
using Orleans.Kms.Client.Connection;
using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Client.SignIn;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client;

/// <summary>
/// Calls the grains of an Orleans.Kms service as one access key or session of a role. Thread safe; connects with its first call, and regains lost connections by itself. It has
/// an Orleans client of its own inside, so the application may be a silo or a client of its own cluster. Failures that a caller can act on are <see cref="KmsException"/>s.
/// </summary>
public sealed class KmsClient : IAsyncDisposable
{
    private readonly CallerSessions _sessions;
    private readonly KmsConnection _connection;
    private readonly CallRetry _retry;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;

    internal KmsClient(KmsClientOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        _clock = clock;
        _loggers = loggers;
        _retry = new(options.CallTimeout);
        _sessions = new(options, clock, loggers.CreateLogger<CallerSessions>());
        _connection = new(options, _sessions, loggers);
    }

    /// <summary>A symmetric CMK of the caller's account.</summary>
    /// <param name="keyId">Its id, a UUID in lower case, or the name of an alias, <c>alias/</c> and so on. An alias is looked up with every call.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: neither of the two.</exception>
    public KmsKey Key(string keyId) => new(this, KeyName.Parse(keyId));

    /// <summary>The account of the access key that the client signs in with, 16 digits.</summary>
    public Task<string> AccountId(CancellationToken cancellationToken = default) => Repeat((_, accountId) => Task.FromResult(accountId), cancellationToken);

    /// <summary>A grain of the service; its calls carry the caller token, and are made once.</summary>
    /// <typeparam name="TGrain">One of the public grain interfaces of Orleans.Kms.</typeparam>
    /// <param name="grainKey">The grain's key, as its interface tells: for example <see cref="Keys.KeyId.GrainKey"/>.</param>
    /// <param name="cancellationToken">Ends the waiting for the connection.</param>
    public Task<TGrain> Grain<TGrain>(string grainKey, CancellationToken cancellationToken = default) where TGrain : IGrainWithStringKey =>
        Repeat((grains, _) => Task.FromResult(grains.GetGrain<TGrain>(grainKey)), cancellationToken);

    /// <summary>
    /// Makes a call that is safe to repeat, and repeats it when it times out, or the service is unavailable or throttles, until <see cref="KmsClientOptions.CallTimeout"/> is over.
    /// </summary>
    /// <param name="grainKey">The grain's key.</param>
    /// <param name="call">The call; a try that is given up may still be carried out.</param>
    /// <param name="cancellationToken">Ends the waiting; the call may still be carried out.</param>
    /// <exception cref="KmsException">What the service answered; <see cref="KmsErrorCode.ServiceUnavailable"/> if it could not be reached in time.</exception>
    public Task<TResult> Repeatable<TGrain, TResult>(string grainKey, Func<TGrain, Task<TResult>> call, CancellationToken cancellationToken = default) where TGrain : IGrainWithStringKey =>
        Repeat((grains, _) => call(grains.GetGrain<TGrain>(grainKey)), cancellationToken);

    /// <summary>Encrypts and decrypts here, with data keys of a CMK.</summary>
    /// <param name="options">Read once.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range.</exception>
    public EnvelopeEncryption Envelope(EnvelopeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new(new(this, options, _clock), options, _clock, _loggers);
    }

    internal Task<T> Repeat<T>(Func<IGrainFactory, string, Task<T>> call, CancellationToken cancellationToken) => _retry.Run(async token =>
    {
        var grains = await _connection.Client(token);
        var session = await _sessions.Current(grains).AsTask().WaitAsync(token);
        return await call(grains, session.AccountId).WaitAsync(token);
    }, cancellationToken);

    /// <summary>Leaves the service. Calls that are under way fail.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

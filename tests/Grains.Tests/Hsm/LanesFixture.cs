using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>A lane on each of several tokens, and what they measured.</summary>
internal sealed class LanesFixture : IAsyncDisposable
{
    private static readonly byte[] Iv = new byte[12];
    private static readonly byte[] Aad = [1];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TwinTokens _twins;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Instrument, string Token), long> _sums = new();

    public LanesFixture(TwinTokens twins, HsmOptions options, TimeProvider? clock = null, LaneLimits? limits = null)
    {
        _twins = twins;
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, 1, tags));
        _listener.Start();
        Lanes = TokenLanes.Start(0, options, twins.ServiceKey, new HsmMetrics(meters), clock ?? TimeProvider.System, NullLogger<HsmLane>.Instance, limits ?? LaneLimits.Of(options));
    }

    public TokenLanes Lanes { get; }

    public Task<WrappedKey> Generate() => Lanes.Run(0, static (session, _) => session.GenerateAesKey());

    public Task<byte[]> Encrypt(HsmKey key, byte[]? plaintext = null) => Lanes.Run((key, plaintext ?? [2]), static (session, a) => session.Encrypt(a.key, Iv, Aad, a.Item2));

    public Task<byte[]> Decrypt(HsmKey key, byte[] ciphertext) => Lanes.Run((key, ciphertext), static (session, a) => session.Decrypt(a.key, Iv, Aad, a.ciphertext));

    public Task<byte[]> Seal(byte[] plaintext) => Lanes.Run(plaintext, static (session, plaintext) => session.Seal(Aad, plaintext));

    public Task<byte[]> Open(byte[] sealedBytes) => Lanes.Run(sealedBytes, static (session, bytes) => session.Open(Aad, bytes));

    public Task<NewKeyPair> GeneratePair(KeySpec spec, KeyUsage usage) => Lanes.Run((spec, usage), static (session, a) => session.GenerateKeyPair(a.spec, a.usage));

    public Task<byte[]> Sign(HsmKey key, SigningAlgorithm algorithm, byte[] digest) => Lanes.Run((key, algorithm, digest), static (session, a) => session.Sign(a.key, a.algorithm, a.digest));

    public Task<byte[]> Decrypt(HsmKey key, EncryptionAlgorithm algorithm, byte[] ciphertext) =>
        Lanes.Run((key, algorithm, ciphertext), static (session, a) => session.Decrypt(a.key, a.algorithm, a.ciphertext));

    /// <summary>What an instrument has counted, or shows now, for a token; a histogram's number of values.</summary>
    public long Measured(string instrument, TokenAddress token)
    {
        // Observed anew each time.
        foreach (var key in _sums.Keys.Where(key => key.Instrument is "kms.hsm.sessions" or "kms.hsm.lane.state" or "kms.hsm.cache.hits" or "kms.hsm.cache.misses")) _sums.TryRemove(key, out _);
        _listener.RecordObservableInstruments();
        return _sums.GetValueOrDefault((instrument, token.Name));
    }

    public async ValueTask DisposeAsync()
    {
        // What hangs would hold up the end.
        _twins.Calm();
        await Lanes.DisposeAsync();
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private void Measured(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "token") _sums.AddOrUpdate((instrument.Name, (string)tag.Value!), value, (_, sum) => sum + value);
        }
    }
}

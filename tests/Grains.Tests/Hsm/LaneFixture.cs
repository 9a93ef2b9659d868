using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>A lane and what it measured.</summary>
internal sealed class LaneFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private long _reopened;
    private long _queued;

    public LaneFixture(HsmOptions options, ServiceKey serviceKey, TimeProvider? clock = null, LaneLimits? limits = null)
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Measured);
        _listener.Start();
        var token = options.Addresses.Single();
        Lane = new HsmLane(token, options, serviceKey, new HsmMetrics(meters).Of(token.Name, 0), clock ?? TimeProvider.System, NullLogger<HsmLane>.Instance, limits ?? LaneLimits.Of(options));
    }

    public HsmLane Lane { get; }

    /// <summary>Return codes, one for each fault.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public long Reopened => Interlocked.Read(ref _reopened);

    public long Queued => Interlocked.Read(ref _queued);

    public Task<byte[]> Encrypt(HsmKey key) => Lane.Run(key, static (session, key) => session.Encrypt(key, new byte[12], [1], [2]));

    public Task<byte[]> Decrypt(HsmKey key, byte[] ciphertext) =>
        Lane.Run((key, ciphertext), static (session, a) => session.Decrypt(a.key, new byte[12], [1], a.ciphertext));

    public Task<WrappedKey> Generate() => Lane.Run(0, static (session, _) => session.GenerateAesKey());

    public Task<bool> Probe() => Lane.Run(0, static (session, _) => { session.Probe(); return true; });

    public async ValueTask DisposeAsync()
    {
        await Lane.DisposeAsync();
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private void Measured(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (instrument.Name == "kms.hsm.faults") Faults.Enqueue((string)tags[0].Value!);
        if (instrument.Name == "kms.hsm.reopened") Interlocked.Add(ref _reopened, value);
        if (instrument.Name == "kms.hsm.queue") Interlocked.Add(ref _queued, value);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class TrailMetricsTests
{
    [Fact]
    public async Task Events_commits_failures_and_what_waits_are_measured()
    {
        using var home = new SqliteTrail();
        await using var trail = new TestTrail(home);
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Scope == trail.Meters) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, instrument.IsObservable ? value : 1, (_, sum) => instrument.IsObservable ? value : sum + 1));
        listener.Start();
        var all = new List<Task>();
        using (trail.Hold())
        {
            for (var i = 0; i < 5; i++) all.Add(trail.Record(i));
            trail.Clock.Advance(TimeSpan.FromSeconds(2));
            listener.RecordObservableInstruments();
            Assert.Equal((5, 2), (measured["kms.trail.queue"], measured["kms.trail.queue.age"]));
        }
        await Task.WhenAll(all);
        // The writer lets the callers go on before it is done itself.
        await Hsm.Until.True(() =>
        {
            listener.RecordObservableInstruments();
            return Task.FromResult(measured["kms.trail.queue.age"] == 0);
        });
        trail.Execute("ALTER TABLE kms_trail_block RENAME TO away");
        await Assert.ThrowsAsync<Errors.KmsException>(() => trail.Record(6));
        Assert.Equal((5, 5, 2, 1), (measured["kms.trail.events"], measured["kms.trail.batch.size"], measured["kms.trail.commit.duration"], measured["kms.trail.failures"]));
    }
}

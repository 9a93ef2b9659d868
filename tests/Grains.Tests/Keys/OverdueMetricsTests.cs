using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Kms.Grains.Tests.Keys;

/// <summary>What is overdue, as operators see it.</summary>
[Collection(TokenTests.Name)]
public sealed class OverdueMetricsTests(TokenFixture token)
{
    [Fact]
    public async Task Keys_that_could_not_be_destroyed_in_time_are_told_with_how_long_they_are_overdue_until_they_are()
    {
        var fault = new StorageFault();
        await using var kms = await TestKms.Start(token, token.NewFolder(), fault.Wrap);
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = Listen(kms, measured);
        await kms.CreateKey();
        var (first, second) = (await Scheduled(kms, 7), await Scheduled(kms, 8));
        await kms.Sweep();
        Assert.Equal((0, 0, 0), Look(listener, measured));
        fault.Active = true;
        kms.Clock.Advance(TimeSpan.FromDays(7));
        await kms.Sweep();
        Assert.Equal((1, 0), (Look(listener, measured).Count, measured["kms.keys.overdue.age"]));
        kms.Clock.Advance(TimeSpan.FromDays(1));
        await kms.Sweep();
        var (count, age, failed) = Look(listener, measured);
        Assert.Equal((2, TimeSpan.FromDays(1).TotalSeconds), (count, age));
        Assert.True(failed >= 3);
        fault.Active = false;
        await kms.Sweep();
        Assert.Equal((0, 0), (Look(listener, measured).Count, measured["kms.keys.overdue.age"]));
        Assert.NotEqual(first, second);
    }

    private static async Task<Guid> Scheduled(TestKms kms, int days)
    {
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        await kms.Lifecycle(id).ScheduleDeletion(days);
        return id;
    }

    private static (double Count, double Age, double Failed) Look(MeterListener listener, ConcurrentDictionary<string, double> measured)
    {
        listener.RecordObservableInstruments();
        return (measured["kms.keys.overdue"], measured["kms.keys.overdue.age"], measured.GetValueOrDefault("kms.keys.due.failed"));
    }

    private static MeterListener Listen(TestKms kms, ConcurrentDictionary<string, double> measured)
    {
        var meters = kms.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) => { if (instrument.Meter.Scope == meters && instrument.Name.StartsWith("kms.keys.", StringComparison.Ordinal)) listening.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => instrument.IsObservable ? value : sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.Start();
        return listener;
    }
}

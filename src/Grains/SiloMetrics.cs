using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains;

/// <summary>How this silo sees the cluster.</summary>
internal sealed class SiloMetrics : ILifecycleParticipant<ISiloLifecycle>
{
    public SiloMetrics(IMeterFactory meters, ISiloStatusOracle silos)
    {
        var meter = meters.Create(HsmMetrics.MeterName);
        meter.CreateObservableGauge("kms.silo.active", () => silos.CurrentStatus == SiloStatus.Active ? 1 : 0, null, "1 while this silo is a member and serves calls, otherwise 0.");
        meter.CreateObservableUpDownCounter("kms.silos", () => Count(silos), "{silo}", "Silos of the cluster as this one sees them (tag status).");
    }

    // It is made when the silo starts, and that is all.
    public void Participate(ISiloLifecycle lifecycle) { }

    private static IEnumerable<Measurement<int>> Count(ISiloStatusOracle silos) =>
        silos.GetApproximateSiloStatuses().Values.CountBy(status => status).Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("status", pair.Key.ToString())));
}

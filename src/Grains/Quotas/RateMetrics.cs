using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>What the limits on calls refuse.</summary>
internal sealed class RateMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _refused = meters.Create(HsmMetrics.MeterName).CreateCounter<long>(
        "kms.rate.refused", "{call}", "Calls that were refused because their account is over its limit (tags action, class).");

    /// <summary>A call was refused.</summary>
    public void Refused(string action, RateClass @class) => _refused.Add(1, new("action", action), new KeyValuePair<string, object?>("class", @class.ToString()));
}

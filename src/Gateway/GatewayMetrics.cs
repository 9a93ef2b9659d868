using System.Diagnostics.Metrics;

namespace Orleans.Kms.Gateway;

/// <summary>What the gateway counts, on the meter <c>Orleans.Kms</c>.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orleans.Kms");
        _requests = meter.CreateCounter<long>("kms.requests", description: "Answered requests, by action and code");
        _duration = meter.CreateHistogram<double>("kms.request.duration", unit: "s", description: "Time from request to answer, by action");
    }

    /// <summary>An answer. <paramref name="action"/> is a known action or a fixed word, so that callers cannot make up series.</summary>
    public void Answered(string action, string code, TimeSpan duration)
    {
        _requests.Add(1, new("action", action), new KeyValuePair<string, object?>("code", code));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("action", action));
    }
}

using System.Diagnostics.Metrics;

namespace Orleans.Kms.Gateway;

/// <summary>What the gateway counts, on the meter <c>Orleans.Kms</c>.</summary>
internal sealed class GatewayMetrics
{
    // From a call that the caches answer to one that waits for a token until its time is over.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15] };

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orleans.Kms");
        _requests = meter.CreateCounter<long>("kms.requests", description: "Answered requests, by action and code");
        _duration = meter.CreateHistogram<double>("kms.request.duration", unit: "s", description: "Time from request to answer, by action", advice: Seconds);
    }

    /// <summary>An answer. <paramref name="action"/> is a known action or a fixed word, so that callers cannot make up series.</summary>
    public void Answered(string action, string code, TimeSpan duration)
    {
        _requests.Add(1, new("action", action), new KeyValuePair<string, object?>("code", code));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("action", action));
    }
}

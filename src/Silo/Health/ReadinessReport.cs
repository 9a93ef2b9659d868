using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orleans.Kms.Silo.Health;

/// <summary>
/// The outcome of the checks, at most a second old: anybody may ask, and the checks write to databases and call the token. Before the silo is a member, and when it is none any more, that alone
/// is looked at: nothing else can work.
/// </summary>
internal sealed class ReadinessReport(HealthCheckService checks, ISiloStatusOracle silo, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private HealthReport? _last;
    private long _checkedAt;

    /// <summary>The report; whoever asks while it is made waits for it.</summary>
    public async Task<HealthReport> Get(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_last is not null && clock.GetElapsedTime(_checkedAt) < Freshness) return _last;
            // Not the asker's to cancel: others wait for it too. Each check has its own bound.
            var isMember = silo.CurrentStatus == SiloStatus.Active;
            _last = await checks.CheckHealthAsync(check => isMember || check.Name == Readiness.Silo, CancellationToken.None);
            _checkedAt = clock.GetTimestamp();
            return _last;
        }
        finally { _gate.Release(); }
    }

    public void Dispose() => _gate.Dispose();
}

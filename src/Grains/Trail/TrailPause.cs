using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// Notes, before the first call, that the trail is switched off, or on again: which requests were let in without it nobody knows, so those dated before its end are refused.
/// </summary>
internal sealed class TrailPause(TrailWriter writer, IOptions<KmsOptions> options, TimeProvider clock) : ILifecycleParticipant<ISiloLifecycle>
{
    private const string Begins = "INSERT INTO kms_trail_pause (begun_at) SELECT @now WHERE NOT EXISTS (SELECT 1 FROM kms_trail_pause WHERE ended_at IS NULL)";
    private const string Ends = "UPDATE kms_trail_pause SET ended_at = @now WHERE ended_at IS NULL";

    // No grain of ours runs yet.
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(TrailPause), ServiceLifecycleStage.RuntimeInitialize, _ => Note());

    private Task Note() => writer.Execute(command => command.Sql(options.Value.Trail.Enabled ? Ends : Begins, ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())).ExecuteNonQuery());
}

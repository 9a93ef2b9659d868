using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>
/// Before the first event: if the end of a chain is lost, the writer begins a new chain, whose first event tells so. What goes on from an older copy could not be told from what was
/// there before, and would put evidence aside.
/// </summary>
internal sealed partial class LossReport(
    KeptAnchors anchors, TrailDatabase database, TrailWriter writer, IOptions<KmsOptions> options, ILogger<LossReport> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The name of the event.</summary>
    public const string EventName = "TrailRolledBack";

    // No grain of ours runs yet.
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(LossReport), ServiceLifecycleStage.RuntimeInitialize, _ => Run());

    private async Task Run()
    {
        var losses = LossSearch.Find(database.Source, options.Value.Trail.WriterName, anchors.Found);
        if (losses.Count == 0) return;
        await writer.BeginChain();
        foreach (var loss in losses)
        {
            LogLost(logger, loss.ChainId, loss.HasEvents, loss.HadEvents, loss.SignedAt);
        }
    }

    [LoggerMessage(1, LogLevel.Error,
        "The database is older than the trail was: of chain {ChainId} it has events up to {Has}, and up to {Had} were signed by {SignedAt:O}. It was put back to an older copy, or altered. A new chain is begun.")]
    private static partial void LogLost(ILogger logger, Guid chainId, long has, long had, DateTimeOffset signedAt);
}

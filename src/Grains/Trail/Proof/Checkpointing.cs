using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>
/// Signs how far the chains have come: at start what was left uncovered, then regularly, and at the end. What calls still record then is the next turn's, of another silo or of the next start. What cannot be signed or anchored now is tried
/// again, and the log tells once that it fails and once that it works again.
/// </summary>
internal sealed partial class Checkpointing(
    CheckpointTable table, TrailWriter writer, TrailSigner signer, TrailAnchors anchors, KeptAnchors kept, ProofMetrics metrics, IOptions<KmsOptions> options, TimeProvider clock, ILogger<Checkpointing> logger) : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<int> _anchored = [];
    private readonly Dictionary<int, SignedCheckpoint> _seen = [];
    private readonly Dictionary<string, AnchorFailure> _placesThatFail = [];
    private bool _fails;
    private bool _hasKey;
    private Dictionary<Guid, SignedCheckpoint>? _lost;

    /// <summary>Signs what is not covered yet. Failures are logged.</summary>
    public async Task Run(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var failure = await TryRun(cancellation);
            if (failure is null) metrics.Covered();
            else metrics.Failed();
            if (failure is not null && !_fails) LogFails(logger, failure);
            if (failure is null && _fails) LogWorks(logger);
            _fails = failure is not null;
        }
        finally { _turn.Release(); }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try { await Run(cancellationToken).WaitAsync(cancellationToken); }
        // A token that does not answer in time: the next start covers what is left.
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.Trail.CheckpointSeconds), clock);
        do await Run(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // One chain that cannot be signed keeps the others from nothing.
    private async Task<Exception?> TryRun(CancellationToken cancellation)
    {
        try
        {
            if (!_hasKey) await Publish();
            _lost ??= await table.Lost(kept.Found);
            var failures = new List<Exception>();
            foreach (var (chain, chainId) in await table.Chains())
            {
                if (await TryCover(chain, chainId, cancellation) is { } failure) failures.Add(failure);
            }
            return failures.FirstOrDefault();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested) { return e; }
    }

    private async Task Publish()
    {
        var publicKey = await signer.PublicKey();
        await writer.Execute(command => CheckpointTable.AddKey(command, publicKey, clock.GetUtcNow()));
        _hasKey = true;
    }

    private async Task<Exception?> TryCover(int chain, Guid chainId, CancellationToken cancellation)
    {
        try
        {
            await RequireSeen(chain);
            while (await table.Next(chain, chainId, clock.GetUtcNow()) is { } next)
            {
                cancellation.ThrowIfCancellationRequested();
                var (signed, publicKey) = await signer.Sign(next);
                await writer.Execute(command => CheckpointTable.Add(command, chain, signed, publicKey));
                metrics.Signed();
                _anchored.Remove(chain);
                // What has come meanwhile is the next turn's: under load there would be no end of it. If another silo was first, its own may cover less.
                if (next.Blocks < TrailCheckpoint.MaxBlocks && await table.Contains(chain, signed)) break;
            }
            if (await table.Newest(chain) is not { } newest) return null;
            _seen[chain] = newest;
            // What is kept of a chain whose end was lost is evidence: it stays, and every place gets it, however far the chain should come again.
            if (!_anchored.Contains(chain) && await Anchor(_lost!.GetValueOrDefault(chainId, newest))) _anchored.Add(chain);
            return null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested) { return e; }
    }

    // Who could have signed anew what was signed once could rewrite it.
    private async Task RequireSeen(int chain)
    {
        if (_seen.TryGetValue(chain, out var seen) && !await table.Contains(chain, seen))
        {
            throw new InvalidDataException("The newest checkpoint of the chain is not in the database any more: it was put back to an older copy, or altered. Nothing more of the chain is signed; the next start goes on with a new one.");
        }
    }

    // True if there is no place left that may keep it later.
    private async Task<bool> Anchor(SignedCheckpoint newest)
    {
        var failures = await anchors.Keep(newest);
        foreach (var failure in failures)
        {
            metrics.NotAnchored(failure.Place);
            if (_placesThatFail.TryAdd(failure.Place, failure)) LogNotKept(logger, failure.Place, failure.Reason);
        }
        foreach (var place in _placesThatFail.Keys.Except(failures.Select(failure => failure.Place)).ToArray())
        {
            _placesThatFail.Remove(place);
            LogKept(logger, place);
        }
        return failures.All(failure => failure.IsForGood);
    }

    [LoggerMessage(1, LogLevel.Error, "What the trail has cannot be signed now; it is tried again.")]
    private static partial void LogFails(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "What the trail has is signed again.")]
    private static partial void LogWorks(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "{Place} does not keep the newest checkpoint of the trail: a database that is put back to an older copy is not found by it. {Reason}")]
    private static partial void LogNotKept(ILogger logger, string place, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Place} keeps the newest checkpoint of the trail again.")]
    private static partial void LogKept(ILogger logger, string place);
}

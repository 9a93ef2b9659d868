using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Reading;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>
/// Carries one delivery out. How far it has come is stored after an object is safely in its bucket, so every event is delivered at least once; what was read and not written yet is only in
/// memory. No call waits for it: it reads what is in the trail already.
/// </summary>
internal sealed partial class TrailDeliveryGrain(
    DbDataSource database, BatchWriter writer, TrailReader reader, TrailBuckets buckets, DeliveryMetrics metrics, IOptions<KmsOptions> options, TimeProvider clock, ILogger<TrailDeliveryGrain> logger)
    : Grain, ITrailDeliveryGrain, IDisposable
{
    private const int MaxBlocks = 64;

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private DeliveryBatch? _batch;
    private DeliveredObject? _object;
    private DateTimeOffset _begunAt;
    private bool _knowsEnd;
    private DeliveryPause _pause;
    private string? _error;
    private (int Chain, long Number)? _damaged;

    private string Id => this.GetPrimaryKeyString();

    public Task Deliver() => _work.IsCompleted ? _work = Run() : Task.CompletedTask;

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        metrics.Forget(Id);
    }

    public void Dispose() => _stop.Dispose();

    private async Task Run()
    {
        if (_pause.IsOn(clock.GetUtcNow())) return;
        while (await Find() is { } delivery)
        {
            var batch = Batch(delivery);
            var isRead = await Fill(delivery, batch);
            if (batch.Damaged is { } block && block != _damaged) LogDamaged(logger, block.Number, block.Chain, delivery.TrailName, delivery.AccountId);
            _damaged = batch.Damaged ?? _damaged;
            if (!IsDue(delivery, batch)) return;
            if (batch.Events.Count > 0 && !await TryWrite(delivery, batch)) return;
            await Store(delivery, batch, isLast: isRead && delivery.HasEnded);
            _batch = null;
            if (isRead && !delivery.HasEnded) return;
        }
        DeactivateOnIdle();
    }

    private Task<TrailDelivery?> Find() => Task.Run(() =>
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        return DeliveryTable.Find(command, Id);
    });

    // What was read before the end was known may lie behind it.
    private DeliveryBatch Batch(TrailDelivery delivery)
    {
        if (delivery.HasEnded && !_knowsEnd) (_batch, _knowsEnd) = (null, true);
        if (_batch is null) (_batch, _object) = (new(new(delivery.AccountId, delivery.EventRW, delivery.TrailRegion)), null);
        if (_batch.Read.Count == 0) _begunAt = clock.GetUtcNow();
        return _batch;
    }

    /// <summary>Reads on until the batch is full; true if there is nothing left to read.</summary>
    private async Task<bool> Fill(TrailDelivery delivery, DeliveryBatch batch)
    {
        if (_object is not null || batch.IsFull) return false;
        foreach (var chain in await reader.Chains())
        {
            var position = delivery.PositionIn(chain.Chain);
            var read = batch.Read.GetValueOrDefault(chain.Chain, position.Block);
            while (position.LastBlock is not { } last || read < last)
            {
                var blocks = await reader.BlocksAfter(chain.Chain, read, MaxBlocks, DeliveryBatch.MaxBytes);
                foreach (var block in blocks)
                {
                    if (block.Number > position.LastBlock) break;
                    if (!batch.TryAdd(block)) return false;
                    read = block.Number;
                }
                // Blocks whose time was over are gone: then the last one is not among them.
                if (blocks.Count == 0 || blocks[^1].Number > read) break;
            }
        }
        return !batch.IsFull;
    }

    // Where nothing is to be written, how far was read is stored now and then.
    private bool IsDue(TrailDelivery delivery, DeliveryBatch batch)
    {
        if (batch.Events.Count > 0) metrics.Waits(Id, batch.Oldest);
        return batch.IsFull || delivery.HasEnded || (batch.Read.Count > 0 && clock.GetUtcNow() - _begunAt >= TimeSpan.FromSeconds(options.Value.Trail.DeliverySeconds));
    }

    private async Task<bool> TryWrite(TrailDelivery delivery, DeliveryBatch batch)
    {
        _object ??= await Task.Run(() => DeliveredObject.Of(delivery.Prefix, options.Value.RegionId, batch.Oldest, batch.Events));
        try { await buckets.Write(delivery.AccountId, delivery.Bucket, _object, _stop.Token); }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { return false; }
        catch (BucketException e)
        {
            await Fail(delivery, e);
            return false;
        }
        if (_error is not null) LogRecovered(logger, delivery.TrailName, delivery.AccountId, delivery.Bucket);
        (_error, _pause) = (null, default);
        return true;
    }

    private Task Store(TrailDelivery delivery, DeliveryBatch batch, bool isLast)
    {
        var (now, wrote) = (clock.GetUtcNow(), batch.Events.Count > 0);
        metrics.Forget(Id);
        return writer.Execute(command =>
        {
            if (isLast) DeliveryTable.Remove(command, Id);
            else DeliveryTable.Advance(command, Id, batch.Read);
            if (wrote) TrailTable.Delivered(command, delivery.AccountId, delivery.TrailId, now);
        });
    }

    private async Task Fail(TrailDelivery delivery, BucketException failure)
    {
        metrics.Failed();
        _pause = _pause.Next(clock.GetUtcNow());
        if (failure.Message == _error) return;
        _error = failure.Message;
        LogFailing(logger, delivery.TrailName, delivery.AccountId, delivery.Bucket, failure);
        await writer.Execute(command => TrailTable.Failed(command, delivery.AccountId, delivery.TrailId, failure.Message));
    }

    [LoggerMessage(1, LogLevel.Warning, "Trail {Trail} of account {AccountId} cannot deliver to the bucket {Bucket}; it is tried again.")]
    private static partial void LogFailing(ILogger logger, string trail, string accountId, string bucket, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "An event in block {Number} of chain {Chain} cannot be read: it was altered, and trail {Trail} of account {AccountId} leaves it out. kms-admin trail verify tells more.")]
    private static partial void LogDamaged(ILogger logger, long number, int chain, string trail, string accountId);

    [LoggerMessage(2, LogLevel.Information, "Trail {Trail} of account {AccountId} delivers to the bucket {Bucket} again.")]
    private static partial void LogRecovered(ILogger logger, string trail, string accountId, string bucket);
}

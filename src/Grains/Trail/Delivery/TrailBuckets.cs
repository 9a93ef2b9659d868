using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Trail;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>The buckets that the operator has named: which ones there are is nobody else's word.</summary>
internal sealed partial class TrailBuckets : IDisposable
{
    /// <summary>How long one try to write an object may take.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, (IBucket Bucket, IReadOnlyList<string> Accounts)> _buckets;
    private readonly ILogger<TrailBuckets> _logger;
    private readonly string _region;
    private readonly ResiliencePipeline _delivery;
    private readonly ResiliencePipeline _probe;

    public TrailBuckets(IOptions<KmsOptions> options, TimeProvider clock, ILogger<TrailBuckets> logger)
    {
        _logger = logger;
        _region = options.Value.RegionId;
        _buckets = options.Value.Trail.Buckets.ToFrozenDictionary(
            bucket => bucket.Name, bucket => (bucket.Folder.Length > 0 ? new FolderBucket(bucket.Folder) : (IBucket)new S3Bucket(bucket), bucket.Accounts));
        _probe = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(ProbeTime).Build();
        // Once more and at once, which cures a connection that was closed. What fails then rests for longer than anybody should wait here.
        _delivery = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
                ShouldHandle = new PredicateBuilder().Handle<BucketException>(),
            })
            .AddTimeout(WriteTime).Build();
    }

    /// <summary>Writes an object of an account's.</summary>
    /// <exception cref="BucketException">There is no such bucket for the account, or it cannot be written now.</exception>
    public Task Write(string accountId, string bucket, DeliveredObject content, CancellationToken cancellation) => Write(_delivery, accountId, bucket, content, cancellation);

    /// <summary>Makes sure that a bucket can be written by an account, by an object without events.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InsufficientBucketPolicy"/></exception>
    public async Task Probe(string accountId, string bucket, string prefix, DateTimeOffset now)
    {
        // A name of the caller's own making is no fault of a bucket.
        if (Find(accountId, bucket) is null) throw TrailErrors.Bucket(Unknown(bucket));
        try { await Write(_probe, accountId, bucket, DeliveredObject.Of(prefix, _region, now, []), CancellationToken.None); }
        catch (BucketException e)
        {
            LogNotWritable(_logger, bucket, e);
            throw TrailErrors.Bucket(e.Message);
        }
    }

    public void Dispose()
    {
        foreach (var (bucket, _) in _buckets.Values) (bucket as IDisposable)?.Dispose();
    }

    private static string Unknown(string bucket) => $"The bucket {bucket} is not one of this service's for the account: its operator has to name it in Kms:Trail:Buckets.";

    private IBucket? Find(string accountId, string bucket) =>
        _buckets.TryGetValue(bucket, out var known) && (known.Accounts.Count == 0 || known.Accounts.Contains(accountId)) ? known.Bucket : null;

    private async Task Write(ResiliencePipeline pipeline, string accountId, string bucket, DeliveredObject content, CancellationToken cancellation)
    {
        var target = Find(accountId, bucket) ?? throw new BucketException(Unknown(bucket));
        try { await pipeline.ExecuteAsync(async token => await target.Write(content.Name, content.Bytes, token), cancellation); }
        catch (TimeoutRejectedException e) { throw new BucketException("The bucket does not take objects in time.", e); }
    }

    [LoggerMessage(1, LogLevel.Warning, "The bucket {Bucket} cannot be written.")]
    private static partial void LogNotWritable(ILogger logger, string bucket, Exception exception);
}

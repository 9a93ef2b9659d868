using System.Data.Common;
using System.Net.Sockets;
using Orleans.Kms.Errors;
using Orleans.Serialization;
using Polly;
using Polly.Retry;

namespace Orleans.Kms.Client.Connection;

/// <summary>Repeats what failed for a reason that may pass, until the time is up.</summary>
internal sealed class CallRetry(TimeSpan timeout)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder()
        .AddTimeout(timeout)
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is { } failure && MayPass(failure)),
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
            UseJitter = true,
            MaxRetryAttempts = int.MaxValue,
        })
        .Build();

    /// <summary>Runs <paramref name="call"/>, which has to be safe to repeat.</summary>
    /// <exception cref="KmsException">What the service answered; <see cref="KmsErrorCode.ServiceUnavailable"/> if it could not be reached in time.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Exception? last = null;
        try
        {
            return await _pipeline.ExecuteAsync(async token =>
            {
                try { return await call(token); }
                catch (Exception e) when (MayPass(e))
                {
                    last = e;
                    throw;
                }
            }, cancellationToken);
        }
        catch (Exception e) when (e is Polly.Timeout.TimeoutRejectedException || MayPass(e))
        {
            throw last is KmsException refusal ? refusal : Unreached(last?.GetType().Name ?? "no answer");
        }
    }

    /// <summary>Whether a later try may succeed.</summary>
    public static bool MayPass(Exception failure) => failure switch
    {
        KmsException e => e.Code is KmsErrorCode.ServiceUnavailable or KmsErrorCode.Throttled or KmsErrorCode.UserThrottled,
        TimeoutException or OrleansException or DbException or SocketException or UnavailableExceptionFallbackException => true,
        _ => false,
    };

    private static KmsException Unreached(string reason) =>
        new(KmsErrorCode.ServiceUnavailable, $"{KmsErrorCode.ServiceUnavailable.StandardMessage()} Orleans.Kms was not reached ({reason}); look at gateways, TLS files and network.");
}

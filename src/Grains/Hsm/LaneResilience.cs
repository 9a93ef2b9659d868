using Net.Pkcs11Interop.Common;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>How a lane treats a token that fails.</summary>
internal static class LaneResilience
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// A fault is tried again twice, each time with a new session: at once, which cures a session that was closed, and then after a rest. Three faults in half a second with hardly a success between them open the circuit:
    /// for one second calls are refused at once, else every queued call would wait out its own retries. Then one call tries the token again.
    /// A refused set-up (PIN, root key) counts for the circuit but is not retried: only the operator can cure it.
    /// </summary>
    public static ResiliencePipeline Build(TimeProvider clock, CircuitBreakerStateProvider state) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            DelayGenerator = static retry => new(retry.AttemptNumber == 0 ? TimeSpan.Zero : Rest),
            ShouldHandle = new PredicateBuilder().Handle<Pkcs11Exception>(TokenFaults.IsFault),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.9,
            MinimumThroughput = 3,
            SamplingDuration = TimeSpan.FromMilliseconds(500),
            BreakDuration = TimeSpan.FromSeconds(1),
            ShouldHandle = new PredicateBuilder().Handle<Pkcs11Exception>(TokenFaults.IsFault).Handle<HsmSetupException>(),
            StateProvider = state,
        })
        .Build();
}

using System.Collections.Frozen;
using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Trail;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>
/// Repeats calls that found no silo, or whose silo died before it answered: their grain is at another one in seconds. A call that changes something is repeated only if it was certainly not begun; what
/// has become of one that was, its caller has to find out.
/// </summary>
internal sealed class SiloRetry(TimeProvider clock)
{
    /// <summary>The keys of a silo that was killed are served elsewhere by then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private static readonly FrozenSet<(string Service, string Action)> Changing = typeof(ActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface).SelectMany(type => type.GetMethods())
        .Select(method => method.GetCustomAttribute<ActionAttribute>()).OfType<ActionAttribute>().Where(action => action.Access == ActionAccess.Write)
        .Select(action => (action.Service, action.Action)).ToFrozenSet();

    private readonly ResiliencePipeline _reading = Build(clock, static e => IsUnanswered(e, isChange: false, Patience));
    private readonly ResiliencePipeline _changing = Build(clock, static e => IsUnanswered(e, isChange: true, Patience));

    /// <summary>Whether an action changes something; cryptography does not.</summary>
    public static bool IsChange(ApiAction action) => Changing.Contains((action.Service, action.Name));

    /// <summary>Whether a call that failed so may be repeated.</summary>
    /// <param name="exception">How it failed.</param>
    /// <param name="isChange">Whether it changes something.</param>
    /// <param name="waited">How long it has taken: a call that was lost with its silo is missed when its time is over, and that may be all the time there is.</param>
    public static bool IsUnanswered(Exception exception, bool isChange, TimeSpan waited) => exception switch
    {
        // Its silo died: it may have done it, or not.
        Runtime.SiloUnavailableException => !isChange,
        TimeoutException => !isChange && waited < Patience,
        // Never sent, or sent back.
        Runtime.OrleansMessageRejectionException or Runtime.Messaging.ConnectionFailedException or Runtime.GatewayTooBusyException => true,
        _ => false,
    };

    /// <summary>Repeats a call until it is answered or the patience has ended; then it fails as it did at first.</summary>
    /// <param name="failure">How it failed.</param>
    /// <param name="isChange">Whether it changes something.</param>
    /// <param name="call">The call.</param>
    public async ValueTask<T> Repeat<T>(Exception failure, bool isChange, Func<ValueTask<T>> call)
    {
        try { return await (isChange ? _changing : _reading).ExecuteAsync(static async (again, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return await again();
        }, call); }
        catch (TimeoutRejectedException) { throw failure; }
    }

    private static ResiliencePipeline Build(TimeProvider clock, Func<Exception, bool> isUnanswered) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddTimeout(Patience)
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstRest,
            MaxDelay = LongestRest,
            ShouldHandle = new PredicateBuilder().Handle(isUnanswered),
        })
        .Build();
}

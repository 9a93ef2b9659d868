using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One lane on each token, which hold the same root keys. Calls go to the first, their home, and on to the next when a token fails them: all are safe to repeat, for an
/// encryption brings its IV along. A token that has failed is passed over until a trial of the lane's own has succeeded. Safe to call from all threads.
/// </summary>
internal sealed class TokenLanes : IAsyncDisposable
{
    // One call may be on its way for seconds.
    private const int RememberedForgotten = 1024;

    private readonly HsmLane[] _lanes;
    private readonly LaneMetrics[] _metrics;
    private readonly LaneLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ForgottenMeanwhile _forgotten = new(RememberedForgotten);

    /// <param name="lanes">Home first.</param>
    /// <param name="metrics">Of each lane.</param>
    /// <param name="limits">How long callers wait.</param>
    /// <param name="clock">Tells how long they have waited.</param>
    public TokenLanes(HsmLane[] lanes, LaneMetrics[] metrics, LaneLimits limits, TimeProvider clock) => (_lanes, _metrics, _limits, _clock) = (lanes, metrics, limits, clock);

    /// <summary>Starts lane <paramref name="number"/> on every token. Homes are spread over the tokens by number.</summary>
    public static TokenLanes Start(
        long number, HsmOptions options, ServiceKey serviceKey, HsmMetrics metrics, TimeProvider clock, ILogger<HsmLane> logger, LaneLimits limits)
    {
        var tokens = options.Addresses;
        var home = (int)(number % tokens.Count);
        TokenAddress[] homeFirst = [.. tokens.Skip(home), .. tokens.Take(home)];
        LaneMetrics[] measured = [.. homeFirst.Select(token => metrics.Of(token.Name, number))];
        return new([.. homeFirst.Select((token, i) => new HsmLane(token, options, serviceKey, measured[i], clock, logger, limits))], measured, limits, clock);
    }

    /// <inheritdoc cref="HsmLane.Run{TArguments, TResult}(TArguments, Func{TokenSession, TArguments, TResult}, string)"/>
    public Task<TResult> Run<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> code, [CallerMemberName] string operation = "") =>
        _lanes.Length == 1 ? _lanes[0].Run(arguments, code, operation) : RunOnAny(arguments, code, operation);

    /// <summary>Runs <paramref name="code"/> on each token; gives what came of it.</summary>
    public Task<(string Token, TResult? Result, KmsException? Failure)[]> RunOnEach<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> code, string operation) =>
        Task.WhenAll(_lanes.Select(async lane =>
        {
            try { return (lane.Token, await lane.Run(arguments, code, operation), (KmsException?)null); }
            catch (KmsException e) { return (lane.Token, default(TResult), e); }
        }));

    /// <summary>Succeeds if one token does, but asks all: so a failure of one that stands by is known before it is needed.</summary>
    public async Task Probe()
    {
        var probes = _lanes.Select(async lane => await lane.Run(0, static (session, _) => { session.Probe(); return true; })).ToList();
        KmsException? failure = null;
        await foreach (var probe in Task.WhenEach(probes))
        {
            try
            {
                await probe;
                failure = null;
                break;
            }
            catch (KmsException e) { failure = e; }
        }
        foreach (var probe in probes) Observe(probe);
        if (failure is not null) throw failure;
    }

    /// <summary>Removes an unwrapped key from all tokens that may hold it; waits for those that are in order.</summary>
    /// <exception cref="KmsException">A token did not answer; the key goes before its lane serves another call.</exception>
    public Task Forget(Guid keyVersionId)
    {
        if (_lanes.Length == 1) return _lanes[0].Forget(keyVersionId);
        _forgotten.Add(keyVersionId);
        return Task.WhenAll(_lanes.Select(lane => lane.Forget(keyVersionId)));
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_lanes.Select(lane => lane.DisposeAsync().AsTask()));

    private async Task<TResult> RunOnAny<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> code, string operation)
    {
        var (begunAt, forgotten) = (_clock.GetTimestamp(), _forgotten.Now);
        var first = First();
        try
        {
            return await _lanes[first].Run(arguments, code, operation, _limits);
        }
        catch (Exception e) when (IsWorthAnother(e))
        {
            try { return await RunOnOthers(first, e, begunAt, arguments, code, operation); }
            finally { ForgetAgain(forgotten); }
        }
    }

    private async Task<TResult> RunOnOthers<TArguments, TResult>(
        int first, Exception failure, long begunAt, TArguments arguments, Func<TokenSession, TArguments, TResult> code, string operation)
    {
        for (var next = (first + 1) % _lanes.Length; next != first; next = (next + 1) % _lanes.Length)
        {
            var left = _limits.Total - _clock.GetElapsedTime(begunAt);
            if (left <= TimeSpan.Zero) break;
            if (!IsUsable(next)) continue;
            _metrics[first].Failover();
            try { return await _lanes[next].Run(arguments, code, operation, _limits.Within(left)); }
            catch (Exception e) when (IsWorthAnother(e)) { failure = e; }
        }
        ExceptionDispatchInfo.Throw(failure);
        throw failure;
    }

    private void ForgetAgain(long since)
    {
        var ids = _forgotten.Since(since);
        foreach (var lane in _lanes)
        {
            if (ids is null) lane.ForgetAllLater();
            else Array.ForEach(ids, lane.ForgetLater);
        }
    }

    // If no token is in order, the first that answers at all decides: its circuit lets a call through now and then.
    private int First()
    {
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            if (IsUsable(lane)) return lane;
        }
        return Math.Max(0, Array.FindIndex(_lanes, lane => !lane.Hangs));
    }

    private bool IsUsable(int lane)
    {
        if (_lanes[lane].IsUsable) return true;
        _lanes[lane].Recover();
        return false;
    }

    // A token that fails, that refuses what another may do, or that lacks the root key of this one key.
    private static bool IsWorthAnother(Exception failure) =>
        failure is KmsException { Code: KmsErrorCode.ServiceUnavailable or KmsErrorCode.InternalFailure } or InvalidDataException { InnerException: HsmSetupException };

    private static void Observe(Task task) => task.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}

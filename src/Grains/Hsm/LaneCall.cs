using System.Security.Cryptography;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>One call in a lane's queue.</summary>
/// <param name="operation">Its name in metrics.</param>
internal abstract class LaneCall(string operation)
{
    /// <summary>Its name in metrics.</summary>
    public string Operation => operation;

    /// <summary>True once the caller has its answer, a timeout included: executing the call would be of no use.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Runs on the lane's thread; may run again after a fault.</summary>
    public abstract void Execute(TokenSession session);

    /// <summary>Answers the caller with a failure.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>A call with its arguments, kept apart from the code so that calls need no closures.</summary>
internal sealed class LaneCall<TArguments, TResult>(string operation, TArguments arguments, Func<TokenSession, TArguments, TResult> code) : LaneCall(operation)
{
    // Continuations are the callers' code: it must not run on the lane's thread.
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasBegun;

    public override bool IsOver => _answer.Task.IsCompleted;

    public override void Execute(TokenSession session)
    {
        _hasBegun = true;
        var result = code(session, arguments);
        // Nobody else will wipe what nobody gets.
        if (!_answer.TrySetResult(result) && result is TokenBytes { Bytes: var bytes }) CryptographicOperations.ZeroMemory(bytes);
    }

    public override void Fail(Exception failure) => _answer.TrySetException(failure);

    /// <summary>Waits for the answer, but not longer than <paramref name="limits"/> say.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>: no answer in time.</exception>
    public async Task<TResult> Answer(LaneLimits limits, TimeProvider clock, LaneMetrics metrics)
    {
        try { return await _answer.Task.WaitAsync(limits.Wait, clock); }
        catch (TimeoutException) { return await LateAnswer(limits, clock, metrics); }
    }

    private async Task<TResult> LateAnswer(LaneLimits limits, TimeProvider clock, LaneMetrics metrics)
    {
        try
        {
            if (_hasBegun && limits.More > TimeSpan.Zero) return await _answer.Task.WaitAsync(limits.More, clock);
        }
        catch (TimeoutException) { }
        if (_answer.TrySetException(new KmsException(KmsErrorCode.ServiceUnavailable))) metrics.Fault("timeout");
        // Either that failure or the answer that came at the last moment.
        return await _answer.Task;
    }
}

namespace Orleans.Kms.Grains.Hsm;

/// <summary>One call on its way through a lane.</summary>
internal abstract class HsmCall
{
    /// <summary>Whether the caller has stopped waiting; then there is no need to bother the token.</summary>
    public volatile bool Abandoned;

    /// <summary>Does the work and hands the result to the caller. An exception leaves the call open, for another attempt.</summary>
    public abstract void Run(TokenSession session);

    /// <summary>Ends the call with a failure.</summary>
    public abstract void Fail(Exception failure);
}

/// <inheritdoc/>
internal sealed class HsmCall<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> work) : HsmCall
{
    // The caller's continuation must not run on the lane's thread.
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the result.</summary>
    public Task<TResult> Result => _done.Task;

    public override void Run(TokenSession session) => _done.SetResult(work(session, arguments));

    public override void Fail(Exception failure) => _done.SetException(failure);
}

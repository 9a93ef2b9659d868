using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Wakes a lane up to forget keys, and tells when it has. Opens no session: without one there is nothing to forget.</summary>
internal sealed class ForgetCall() : LaneCall("Forget")
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool IsOver => false;

    public override void Execute(TokenSession session) { }

    public override void Fail(Exception failure) => _done.TrySetException(failure);

    public void Done() => _done.TrySetResult();

    /// <summary>Waits until the keys are forgotten, but not longer than <paramref name="limits"/> say.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>: not yet.</exception>
    public async Task Answer(LaneLimits limits, TimeProvider clock)
    {
        try { await _done.Task.WaitAsync(limits.Wait, clock); }
        catch (TimeoutException) { throw new KmsException(KmsErrorCode.ServiceUnavailable); }
    }
}

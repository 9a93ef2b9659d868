using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Ram;

/// <summary>
/// Lets one change of an account at a time through, and those who must not read what a change is about to make untrue; in the order in which they came. For one grain: it needs no lock.
/// </summary>
internal sealed class ChangeGate(TimeProvider clock)
{
    // A change takes milliseconds: who waits this long does not wait for changes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Task _before = Task.CompletedTask;

    /// <summary>Does something while no change is being made.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>: the turn did not come in time.</exception>
    public async Task<T> Pass<T>(Func<Task<T>> work)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = _before;
        _before = end.Task;
        try { await before.WaitAsync(Patience, clock); }
        catch (TimeoutException)
        {
            // Who comes behind waits for those before, as if this one had never come.
            _ = before.ContinueWith(_ => end.SetResult(), TaskScheduler.Default);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
        try { return await work(); }
        finally { end.SetResult(); }
    }
}

namespace Orleans.Kms.Grains.Storage;

/// <summary>
/// Ends an activation that stands for nothing stored, so that calls of names that there are not do not fill the memory. Not at once: Orleans forwards the calls that wait to
/// the next activation, but only twice, and if each of these ended too, callers would get a failure instead of their answer.
/// </summary>
internal sealed class ShortLife(IGrainBase grain, Func<bool> isNeeded)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    private IGrainTimer? _timer;

    /// <summary>Ends the activation in a while, unless it is needed then.</summary>
    public void Begin() => _timer ??= grain.RegisterGrainTimer(
        static (life, _) => life.End(), this, new GrainTimerCreationOptions { DueTime = Length, Period = Timeout.InfiniteTimeSpan, Interleave = true });

    private Task End()
    {
        _timer?.Dispose();
        _timer = null;
        if (!isNeeded()) grain.DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

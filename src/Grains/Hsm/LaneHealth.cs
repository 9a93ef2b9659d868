namespace Orleans.Kms.Grains.Hsm;

/// <summary>Whether a lane is of use. Written by its thread, read by all.</summary>
/// <param name="clock">Tells how long a call has been running.</param>
/// <param name="longest">How long one may run before the token counts as hanging.</param>
internal sealed class LaneHealth(TimeProvider clock, TimeSpan longest)
{
    private static readonly TimeSpan RestBetweenTrials = TimeSpan.FromMilliseconds(250);

    // Timestamps of the call that runs and of the last trial; 0: there is none.
    private long _begunAt;
    private long _triedAt;
    private volatile bool _isSuspect;

    /// <summary>True while a call runs for longer than any should.</summary>
    public bool Hangs => Volatile.Read(ref _begunAt) is not 0 and var begunAt && clock.GetElapsedTime(begunAt) >= longest;

    /// <summary>False while it hangs, and after a call that the token failed or hung in until one has succeeded: other tokens come first then.</summary>
    public bool IsUsable => !_isSuspect && !Hangs;

    /// <summary>A call begins.</summary>
    public void Begin() => Volatile.Write(ref _begunAt, Now());

    /// <summary>The call has ended; gives the time it took.</summary>
    /// <param name="isServed">False if not its data but the token made it fail; null if that tells nothing.</param>
    public TimeSpan End(bool? isServed)
    {
        var took = clock.GetElapsedTime(_begunAt);
        _isSuspect = took >= longest || !(isServed ?? !_isSuspect);
        Volatile.Write(ref _begunAt, 0);
        return took;
    }

    /// <summary>True, for one caller, if it is time to try whether a lane that is not usable has recovered.</summary>
    public bool IsTimeToTry()
    {
        var triedAt = Volatile.Read(ref _triedAt);
        return !Hangs && (triedAt == 0 || clock.GetElapsedTime(triedAt) >= RestBetweenTrials) && Interlocked.CompareExchange(ref _triedAt, Now(), triedAt) == triedAt;
    }

    private long Now() => Math.Max(1, clock.GetTimestamp());
}

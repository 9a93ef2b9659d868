using Microsoft.Extensions.Time.Testing;

namespace Orleans.Kms.Grains.Tests;

/// <summary>A clock of which a periodic timer ticks once for each leap, however long: else it would tick three hundred thousand times for three weeks.</summary>
internal sealed class LeapingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>
    /// How late a delay ends, as on a clock that goes. Task.Delay cuts off what is below a millisecond; Orleans waits until a time that has such a rest, and while the clock stands still between
    /// the two it asks again and again, in one go: who moves the clock would never get it back.
    /// </summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isDelay = state?.GetType().Name.StartsWith("DelayPromise", StringComparison.Ordinal) == true;
        if (isDelay && dueTime > TimeSpan.Zero) dueTime += Lateness;
        var ticking = new Ticking(callback, state);
        ticking.Inner = base.CreateTimer(static ticking => ((Ticking)ticking!).Tick(), ticking, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        ticking.Change(dueTime, period);
        return ticking;
    }

    private sealed class Ticking(TimerCallback callback, object? state) : ITimer
    {
        private long _periodTicks = Timeout.InfiniteTimeSpan.Ticks;

        public ITimer Inner { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Volatile.Write(ref _periodTicks, period.Ticks);
            return Inner.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Tick()
        {
            var period = TimeSpan.FromTicks(Volatile.Read(ref _periodTicks));
            if (period > TimeSpan.Zero) Inner.Change(period, Timeout.InfiniteTimeSpan);
            callback(state);
        }

        public void Dispose() => Inner.Dispose();

        public ValueTask DisposeAsync() => Inner.DisposeAsync();
    }
}

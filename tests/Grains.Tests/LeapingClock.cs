using Microsoft.Extensions.Time.Testing;

namespace Orleans.Kms.Grains.Tests;

/// <summary>A clock of which a periodic timer ticks once for each leap, however long: else it would tick three hundred thousand times for three weeks.</summary>
internal sealed class LeapingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
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

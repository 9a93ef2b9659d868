using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class LaneHealthTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly LaneHealth _health;

    public LaneHealthTests() => _health = new(_clock, Longest);

    [Theory, InlineData(0, false), InlineData(4999, false), InlineData(5000, true), InlineData(60_000, true)]
    public void A_call_hangs_when_it_has_run_for_too_long(int milliseconds, bool hangs)
    {
        _health.Begin();
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal((hangs, !hangs), (_health.Hangs, _health.IsUsable));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), _health.End(isServed: true));
        // It has returned; but one that hung is no proof.
        Assert.Equal((false, !hangs), (_health.Hangs, _health.IsUsable));
    }

    [Theory, InlineData(true, true, true), InlineData(true, false, false), InlineData(true, null, true), InlineData(false, true, true), InlineData(false, false, false), InlineData(false, null, false)]
    public void The_last_call_that_tells_decides(bool before, bool? served, bool isUsable)
    {
        Call(before);
        Call(served);
        Assert.Equal(isUsable, _health.IsUsable);
    }

    [Fact]
    public void A_lane_is_tried_by_one_caller_now_and_then_and_not_while_it_hangs()
    {
        Call(false);
        Assert.True(_health.IsTimeToTry());
        Assert.False(_health.IsTimeToTry());
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(_health.IsTimeToTry());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_health.IsTimeToTry());
        _health.Begin();
        _clock.Advance(Longest);
        Assert.False(_health.IsTimeToTry());
    }

    private void Call(bool? isServed)
    {
        _health.Begin();
        _health.End(isServed);
    }
}

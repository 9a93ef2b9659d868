using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class ChangeGateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ChangeGate _gate;

    public ChangeGateTests() => _gate = new(_clock);

    [Fact]
    public async Task One_passes_at_a_time_in_the_order_of_coming()
    {
        var order = new List<int>();
        var first = new TaskCompletionSource<int>();
        var passes = Enumerable.Range(0, 5).Select(i => _gate.Pass(() =>
        {
            order.Add(i);
            return i == 0 ? first.Task : Task.FromResult(i);
        })).ToArray();
        Assert.Equal([0], order);
        first.SetResult(0);
        var passed = await Task.WhenAll(passes);
        Assert.Equal([0, 1, 2, 3, 4], passed);
        Assert.Equal([0, 1, 2, 3, 4], order);
    }

    [Fact]
    public async Task A_failure_lets_the_next_one_through()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _gate.Pass<int>(() => throw new InvalidOperationException()));
        Assert.Equal(1, await _gate.Pass(() => Task.FromResult(1)));
    }

    [Fact]
    public async Task Who_waits_ten_seconds_is_refused_and_passes_nobody_by()
    {
        var first = new TaskCompletionSource<int>();
        var passing = _gate.Pass(() => first.Task);
        var late = _gate.Pass(() => Task.FromResult(1));
        _clock.Advance(TimeSpan.FromSeconds(9));
        var next = _gate.Pass(() => Task.FromResult(2));
        Assert.False(late.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => late)).Code);
        Assert.False(next.IsCompleted);
        first.SetResult(0);
        Assert.Equal((0, 2), (await passing, await next));
    }
}

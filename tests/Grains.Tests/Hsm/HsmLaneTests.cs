using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class HsmLaneTests(TokenFixture token)
{
    [Fact]
    public async Task Concurrent_callers_each_get_their_own_answer()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        var answers = Enumerable.Range(0, 500).Select(async number =>
        {
            byte[] plaintext = [(byte)number, (byte)(number >> 8)];
            var sealedBytes = await fixture.Lane.Run(plaintext, static (session, plaintext) => session.Seal([], plaintext));
            return (Expected: plaintext, Actual: await fixture.Lane.Run(sealedBytes, static (session, bytes) => session.Open([], bytes)));
        });
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(answer.Expected, answer.Actual));
        Assert.Equal(0, fixture.Queued);
        Assert.Empty(fixture.Faults);
    }

    [Fact]
    public async Task Calls_run_on_one_thread_that_is_not_of_the_pool()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        var threads = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => fixture.Lane.Run(0, static (_, _) => Thread.CurrentThread)));
        var thread = Assert.Single(threads.Distinct());
        Assert.False(thread.IsThreadPoolThread);
        Assert.True(thread.IsBackground);
    }

    [Fact]
    public async Task Full_queue_refuses_one_call_more()
    {
        await using var fixture = new LaneFixture(Short(queue: 3), token.ServiceKey);
        using var blocked = new BlockedLane(fixture.Lane);
        var queued = Enumerable.Range(0, 3).Select(_ => fixture.Generate()).ToArray();
        Assert.Equal(3, fixture.Queued);
        await AssertFails(KmsErrorCode.Throttled, fixture.Generate);
        Assert.Equal(3, fixture.Queued);
        blocked.Release();
        Assert.All(await Task.WhenAll(queued), key => Assert.Equal(40, key.Bytes.Length));
    }

    [Fact]
    public async Task Caller_waits_no_longer_than_the_timeout_and_its_call_is_skipped()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey, clock);
        using var blocked = new BlockedLane(fixture.Lane);
        var isRun = false;
        var late = fixture.Lane.Run(0, (_, _) => isRun = true);
        clock.Advance(token.Options.CallTimeout - TimeSpan.FromTicks(1));
        Assert.False(late.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => late);
        blocked.Release();
        // Refused until the thread is back.
        await Until.Succeeds(fixture.Generate);
        Assert.False(isRun);
    }

    // Encryptions interleave with what takes their key out of use.
    [Theory, InlineData(10), InlineData(2)]
    public async Task A_key_is_forgotten_although_calls_that_were_queued_before_unwrap_it_anew(int queue)
    {
        await using var fixture = new LaneFixture(Short(queue), token.ServiceKey);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        await fixture.Encrypt(key);
        using var blocked = new BlockedLane(fixture.Lane);
        Task<byte[]>[] encrypted = [fixture.Encrypt(key), fixture.Encrypt(key)];
        // With a full queue it does not wait.
        var forgotten = fixture.Lane.Forget(key.KeyVersionId);
        Assert.Equal(queue == 2, forgotten.IsCompleted);
        blocked.Release();
        await forgotten;
        await Task.WhenAll(encrypted);
        Assert.Equal(0, await fixture.Lane.Run(0, static (session, _) => session.CachedKeys));
    }

    // Otherwise, with more calls than the token can serve, each pair would be made for a caller who has just left.
    [Fact]
    public async Task A_pair_that_has_begun_is_waited_for_and_one_that_has_not_is_given_up()
    {
        var clock = new FakeTimeProvider();
        var limits = LaneLimits.OfPairs(token.Options);
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey, clock, limits);
        using var blocked = new BlockedLane(fixture.Lane);
        var waiting = fixture.Generate();
        clock.Advance(limits.Wait);
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => waiting);
        Assert.False(blocked.Call.IsCompleted);
        blocked.Release();
        Assert.True(await blocked.Call);
    }

    [Fact]
    public async Task A_pair_that_has_begun_is_not_waited_for_for_ever()
    {
        var clock = new FakeTimeProvider();
        var limits = LaneLimits.OfPairs(token.Options);
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey, clock, limits);
        using var blocked = new BlockedLane(fixture.Lane);
        var begun = blocked.Call;
        clock.Advance(limits.Wait);
        while (!begun.IsCompleted)
        {
            clock.Advance(limits.More);
            await Task.Yield();
        }
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => begun);
        Assert.True(limits.Wait + limits.More < TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void Few_pairs_wait() => Assert.InRange(LaneLimits.OfPairs(token.Options).QueueLength, 1, 8);

    [Fact]
    public async Task Answer_that_nobody_waits_for_is_wiped()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey, clock);
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        byte[] secret = [1, 2, 3];
        var late = fixture.Lane.Run(0, (_, _) =>
        {
            begun.Set();
            release.Wait();
            return new TokenBytes(secret);
        });
        begun.Wait();
        clock.Advance(token.Options.CallTimeout);
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => late);
        release.Set();
        await Until.Succeeds(fixture.Generate);
        Assert.Equal([0, 0, 0], secret);
    }

    [Fact]
    public async Task Disposal_serves_what_is_queued_and_refuses_the_rest()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        using var blocked = new BlockedLane(fixture.Lane);
        var queued = fixture.Generate();
        var disposal = fixture.Lane.DisposeAsync();
        await AssertFails(KmsErrorCode.ServiceUnavailable, fixture.Generate);
        Assert.False(disposal.IsCompleted);
        blocked.Release();
        await disposal;
        Assert.Equal(40, (await queued).Bytes.Length);
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_a_hung_token()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey, clock);
        using var blocked = new BlockedLane(fixture.Lane);
        var disposal = fixture.Lane.DisposeAsync();
        clock.Advance(token.Options.CallTimeout);
        await disposal;
        Assert.False(blocked.Call.IsCompletedSuccessfully);
        blocked.Release();
    }

    private HsmOptions Short(int queue) =>
        new() { ModulePath = TokenFixture.ModulePath, TokenLabel = token.Options.TokenLabel, PinFile = token.Options.PinFile, QueueLength = queue };

    private static async Task AssertFails(KmsErrorCode expected, Func<Task> call) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}

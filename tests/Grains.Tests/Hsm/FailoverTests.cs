using Microsoft.Extensions.Time.Testing;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class FailoverTests(TokenFixture token) : IAsyncLifetime
{
    private readonly TwinTokens _twins = token.Twins;

    private Shim First => _twins.Shims[0];

    private Shim Second => _twins.Shims[1];

    private TokenAddress FirstToken => _twins.Both.Addresses[0];

    private TokenAddress SecondToken => _twins.Both.Addresses[1];

    [Fact]
    public async Task A_failing_token_is_passed_over_and_home_again_when_it_works()
    {
        await using var fixture = Start();
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        var ciphertext = await fixture.Encrypt(key);
        Assert.Equal((1, 0), (First.Sessions, Second.Sessions));

        First.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_DEVICE_ERROR, times: long.MaxValue);
        First.Order(Pkcs11Function.C_OpenSession, CKR.CKR_DEVICE_ERROR, times: long.MaxValue, order: 1);
        Assert.Equal(ciphertext, await fixture.Encrypt(key));
        Assert.Equal(1, fixture.Measured("kms.hsm.failovers", FirstToken));
        Assert.NotEqual((long)LaneState.InOrder, fixture.Measured("kms.hsm.lane.state", FirstToken));
        Assert.Equal((long)LaneState.InOrder, fixture.Measured("kms.hsm.lane.state", SecondToken));
        for (var i = 0; i < 100; i++) Assert.Equal([2], await fixture.Decrypt(key, ciphertext));
        // These went there at once.
        Assert.Equal(1, fixture.Measured("kms.hsm.failovers", FirstToken));

        First.Calm();
        await IsHomeAgain(fixture, key);
        Assert.Equal((1, 1), (First.Sessions, Second.Sessions));
        Assert.Equal((1, 1), (fixture.Measured("kms.hsm.sessions", FirstToken), fixture.Measured("kms.hsm.sessions", SecondToken)));
    }

    [Fact]
    public async Task A_removed_token_is_passed_over_and_serves_again_when_it_is_back()
    {
        await using var fixture = Start();
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        var ciphertext = await fixture.Encrypt(key);
        First.IsRemoved = true;
        for (var i = 0; i < 20; i++) Assert.Equal([2], await fixture.Decrypt(key, ciphertext));
        Assert.Equal(0, First.Sessions);
        First.IsRemoved = false;
        await IsHomeAgain(fixture, key);
        Assert.Equal((1, 1), (First.Sessions, Second.Sessions));
    }

    [Fact]
    public async Task Both_removed_calls_are_refused_and_work_when_one_is_back()
    {
        await using var fixture = Start();
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        First.IsRemoved = Second.IsRemoved = true;
        await AssertUnavailable(() => fixture.Encrypt(key));
        await AssertUnavailable(fixture.Lanes.Probe);
        Second.IsRemoved = false;
        await Until.Succeeds(() => fixture.Encrypt(key));
        await fixture.Lanes.Probe();
        Assert.Equal((0, 1), (First.Sessions, Second.Sessions));
    }

    [Fact]
    public async Task A_hanging_token_is_passed_over_until_the_call_returns()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = Start(clock);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        First.Hang = Pkcs11Function.C_EncryptInit;
        var hung = fixture.Encrypt(key);
        await Until.True(() => Task.FromResult(First.Hanging == 1));
        clock.Advance(LaneLimits.Of(_twins.Both).Wait);
        // The one that hung is done elsewhere, those that follow go there at once: the clock stands still.
        Assert.Equal(17, (await hung).Length);
        for (var i = 0; i < 10; i++) await fixture.Encrypt(key);
        Assert.Equal(1, fixture.Measured("kms.hsm.failovers", FirstToken));
        Assert.Equal((long)LaneState.Hangs, fixture.Measured("kms.hsm.lane.state", FirstToken));
        First.Hang = null;
        await IsHomeAgain(fixture, key, clock);
        Assert.Equal((1, 1), (First.Sessions, Second.Sessions));
    }

    [Fact]
    public async Task A_single_token_that_hangs_refuses_at_once_until_the_call_returns()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = new LanesFixture(_twins, _twins.One[0], clock);
        await fixture.Seal([1]);
        First.Hang = Pkcs11Function.C_EncryptInit;
        var hung = fixture.Seal([1]);
        await Until.True(() => Task.FromResult(First.Hanging == 1));
        clock.Advance(_twins.One[0].CallTimeout);
        await AssertUnavailable(() => hung);
        // The clock stands still: whoever waited would wait for ever.
        for (var i = 0; i < 10; i++) await AssertUnavailable(() => fixture.Seal([1]));
        First.Hang = null;
        await Until.Succeeds(() => fixture.Seal([1]));
        Assert.Equal(1, First.Sessions);
    }

    [Fact]
    public async Task All_tokens_together_take_no_longer_than_a_call_of_the_silo_may()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = Start(clock);
        await fixture.Lanes.Probe();
        await fixture.Seal([1]);
        First.Hang = Second.Hang = Pkcs11Function.C_EncryptInit;
        var begun = clock.GetUtcNow();
        var call = fixture.Seal([1]);
        await Until.True(() =>
        {
            if (First.Hanging == 1) clock.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(call.IsCompleted);
        });
        await AssertUnavailable(() => call);
        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    // Seconds for all tokens together; how many of them are asked while the first takes five.
    [Theory, InlineData(7, 2), InlineData(5, 1)]
    public async Task The_second_token_has_the_time_that_the_first_has_left(int total, int asked)
    {
        var clock = new FakeTimeProvider();
        var limits = LaneLimits.Of(_twins.Both) with { Wait = TimeSpan.FromSeconds(5), Total = TimeSpan.FromSeconds(total) };
        await using var fixture = new LanesFixture(_twins, _twins.Both, clock, limits);
        await fixture.Lanes.Probe();
        await fixture.Seal([1]);
        // The first success ends the probing; that of the second token must not be what hangs.
        await Until.True(() => Task.FromResult(fixture.Measured("kms.hsm.duration", SecondToken) == 1));
        First.Hang = Second.Hang = Pkcs11Function.C_EncryptInit;
        var begun = clock.GetUtcNow();
        var call = fixture.Seal([1]);
        await Until.True(() =>
        {
            if (First.Hanging == 1 && (clock.GetUtcNow() - begun < limits.Wait || asked == 1 || Second.Hanging == 1)) clock.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(call.IsCompleted);
        });
        await AssertUnavailable(() => call);
        Assert.Equal(asked - 1, Second.Hanging);
        Assert.InRange(clock.GetUtcNow() - begun, limits.Total, limits.Total + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_wrong_pin_of_one_token_leaves_the_other_to_serve()
    {
        var pinFile = Path.Combine(token.NewFolder(), "pin");
        File.WriteAllText(pinFile, "wrong-wrong-wrong");
        var options = new HsmOptions();
        foreach (var address in _twins.Both.Addresses) options.Tokens.Add(new() { ModulePath = address.ModulePath, TokenLabel = address.Label, PinFile = address.PinFile });
        options.Tokens[0].PinFile = pinFile;
        await using var fixture = new LanesFixture(_twins, options);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        for (var i = 0; i < 5; i++) await fixture.Encrypt(key);
        // Once: tokens lock after a few wrong PINs.
        Assert.Equal((0, 1), (First.Sessions, Second.Sessions));
        File.Copy(FirstToken.PinFile, pinFile, overwrite: true);
        File.SetLastWriteTimeUtc(pinFile, DateTime.UnixEpoch);
        await IsHomeAgain(fixture, key);
    }

    [Fact]
    public async Task Throttling_is_no_reason_to_go_elsewhere()
    {
        await using var fixture = new LanesFixture(_twins, _twins.Both, limits: LaneLimits.Of(_twins.Both) with { QueueLength = 1 });
        await fixture.Seal([1]);
        First.Hang = Pkcs11Function.C_EncryptInit;
        var hung = fixture.Seal([1]);
        await Until.True(() => Task.FromResult(First.Hanging == 1));
        var waiting = fixture.Seal([2]);
        Assert.Equal(KmsErrorCode.Throttled, (await Assert.ThrowsAsync<KmsException>(() => fixture.Seal([3]))).Code);
        First.Hang = null;
        await Task.WhenAll(hung, waiting);
        Assert.Equal(0, Second.Sessions);
    }

    [Fact]
    public async Task What_one_token_refuses_another_may_do()
    {
        await using var fixture = Start();
        await fixture.Seal([1]);
        First.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_MECHANISM_INVALID, times: long.MaxValue);
        await fixture.Open(await fixture.Seal([1]));
        // That is no fault of the token's: it stays the first to be asked.
        Assert.Equal((long)LaneState.InOrder, fixture.Measured("kms.hsm.lane.state", FirstToken));
    }

    [Fact]
    public async Task A_forgotten_key_leaves_all_tokens()
    {
        await using var fixture = Start();
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        await fixture.Encrypt(key);
        First.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_DEVICE_ERROR, times: 3);
        await fixture.Encrypt(key);
        First.Calm();
        await IsHomeAgain(fixture, key);
        // The service key and this one, on each.
        Assert.Equal((2, 2), (First.Objects, Second.Objects));
        await fixture.Lanes.Forget(key.KeyVersionId);
        Assert.Equal((1, 1), (First.Objects, Second.Objects));
    }

    [Fact]
    public async Task A_token_that_was_never_used_has_nothing_to_forget()
    {
        await using var fixture = Start();
        await fixture.Lanes.Forget(Guid.NewGuid());
        Assert.Equal((0, 0), (First.Sessions, Second.Sessions));
    }

    [Fact]
    public async Task Forgetting_does_not_wait_for_a_token_that_hangs_and_is_done_when_it_is_back()
    {
        var clock = new FakeTimeProvider();
        await using var fixture = new LanesFixture(_twins, _twins.One[0], clock);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        await fixture.Encrypt(key);
        First.Hang = Pkcs11Function.C_EncryptInit;
        var hung = fixture.Encrypt(key);
        await Until.True(() => Task.FromResult(First.Hanging == 1));
        clock.Advance(_twins.One[0].CallTimeout);
        await AssertUnavailable(() => hung);
        await fixture.Lanes.Forget(key.KeyVersionId);
        Assert.Equal(2, First.Objects);
        First.Hang = null;
        await Until.True(() => Task.FromResult(First.Objects == 1));
    }

    [Fact]
    public async Task A_key_that_cannot_be_destroyed_costs_the_session()
    {
        await using var fixture = new LanesFixture(_twins, _twins.One[0]);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        await fixture.Encrypt(key);
        First.Order(Pkcs11Function.C_DestroyObject, CKR.CKR_ACTION_PROHIBITED, times: long.MaxValue);
        await fixture.Lanes.Forget(key.KeyVersionId);
        Assert.Equal((0, 0), (First.Sessions, First.Objects));
    }

    [Fact]
    public async Task Sessions_that_do_not_close_are_closed_before_others_are_opened()
    {
        await using var fixture = new LanesFixture(_twins, _twins.One[0]);
        await fixture.Seal([1]);
        First.Order(Pkcs11Function.C_CloseSession, CKR.CKR_DEVICE_ERROR, times: long.MaxValue);
        First.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_DEVICE_ERROR, times: 1, order: 1);
        await AssertUnavailable(() => fixture.Seal([1]));
        Assert.Equal(1, First.Sessions);
        First.Calm();
        await Until.Succeeds(() => fixture.Seal([1]));
        Assert.Equal(1, First.Sessions);
    }

    [Fact]
    public async Task A_call_that_moves_on_after_its_key_was_forgotten_leaves_it_nowhere()
    {
        await using var fixture = Start();
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        await fixture.Encrypt(key);
        First.Hang = Pkcs11Function.C_EncryptInit;
        var call = fixture.Encrypt(key);
        await Until.True(() => Task.FromResult(First.Hanging == 1));
        var forgotten = fixture.Lanes.Forget(key.KeyVersionId);
        First.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_DEVICE_ERROR, times: 3);
        First.Hang = null;
        await call;
        await forgotten;
        // The service key is there, because the call was.
        await Until.True(() => Task.FromResult(Second.Objects == 1));
    }

    [Fact]
    public async Task A_thousand_replacements_leave_one_session_and_one_object()
    {
        await using var fixture = new LanesFixture(_twins, _twins.One[0]);
        for (var i = 0; i < 1000; i++)
        {
            First.Order(Pkcs11Function.C_EncryptInit, CKR.CKR_SESSION_HANDLE_INVALID);
            await fixture.Seal([1]);
        }
        Assert.Equal(1000, fixture.Measured("kms.hsm.reopened", FirstToken));
        Assert.Equal((1, 1), (First.Sessions, First.Objects));
    }

    [Fact]
    public async Task Hits_misses_and_durations_are_measured()
    {
        await using var fixture = Start();
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        for (var i = 0; i < 5; i++) await fixture.Encrypt(key);
        Assert.Equal((4, 1), (fixture.Measured("kms.hsm.cache.hits", FirstToken), fixture.Measured("kms.hsm.cache.misses", FirstToken)));
        Assert.Equal(0, fixture.Measured("kms.hsm.queue", FirstToken));
        // Recorded after the answer of the sixth call, before the end of the lane.
        await fixture.Lanes.DisposeAsync();
        Assert.Equal(6, fixture.Measured("kms.hsm.duration", FirstToken));
        Assert.Equal(0, fixture.Measured("kms.hsm.sessions", FirstToken));
    }

    public Task InitializeAsync()
    {
        _twins.Calm();
        Assert.Equal((0, 0), (First.Sessions, Second.Sessions));
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _twins.Calm();
        return Task.CompletedTask;
    }

    private LanesFixture Start(TimeProvider? clock = null) => new(_twins, _twins.Both, clock);

    private async Task IsHomeAgain(LanesFixture fixture, HsmKey key, FakeTimeProvider? clock = null) => await Until.True(async () =>
    {
        clock?.Advance(TimeSpan.FromMilliseconds(100));
        var before = Second.Calls(Pkcs11Function.C_EncryptInit);
        await fixture.Encrypt(key);
        return Second.Calls(Pkcs11Function.C_EncryptInit) == before;
    });

    private static async Task AssertUnavailable(Func<Task> call) =>
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}

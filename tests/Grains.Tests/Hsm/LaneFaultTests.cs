using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class LaneFaultTests(TokenFixture token)
{
    [Fact]
    public async Task Closed_sessions_are_replaced_unseen()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        var ciphertext = await fixture.Encrypt(key);
        TokenObjects.Slot(token.Options).CloseAllSessions();
        Assert.Equal([2], await fixture.Decrypt(key, ciphertext));
        Assert.Equal(["CKR_SESSION_HANDLE_INVALID"], fixture.Faults);
        Assert.Equal(1, fixture.Reopened);
    }

    [Fact]
    public async Task Logout_by_somebody_else_is_cured_unseen()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        var ciphertext = await fixture.Encrypt(key);
        using (var other = TokenObjects.Slot(token.Options).OpenSession(SessionType.ReadOnly)) other.Logout();
        Assert.Equal([2], await fixture.Decrypt(key, ciphertext));
        Assert.Equal(["CKR_OBJECT_HANDLE_INVALID"], fixture.Faults);
    }

    [Fact]
    public async Task A_lane_that_reopens_leaves_other_lanes_alone()
    {
        await using var first = new LaneFixture(token.Options, token.ServiceKey);
        await using var second = new LaneFixture(token.Options, token.ServiceKey);
        var key = new HsmKey(Guid.NewGuid(), await first.Generate());
        var ciphertext = await second.Encrypt(key);
        Assert.True(await FailOnce(first, CKR.CKR_DEVICE_ERROR));
        Assert.Equal(1, first.Reopened);
        Assert.Equal([2], await second.Decrypt(key, ciphertext));
        Assert.Empty(second.Faults);
    }

    [Fact]
    public async Task Handles_of_before_a_restart_are_never_used()
    {
        // Handle numbers start anew after a restart: a stale one would silently name another lane's key.
        await using var first = new LaneFixture(token.Options, token.ServiceKey);
        await using var second = new LaneFixture(token.Options, token.ServiceKey);
        var keys = new[] { new HsmKey(Guid.NewGuid(), await first.Generate()), new HsmKey(Guid.NewGuid(), await first.Generate()) };
        var expected = new[] { await first.Encrypt(keys[0]), await second.Encrypt(keys[1]) };
        Restart(TokenObjects.Module.Generation);
        Assert.Equal(expected[1], await first.Encrypt(keys[1]));
        Assert.Equal(expected[0], await first.Encrypt(keys[0]));
        Assert.Equal(expected[1], await second.Encrypt(keys[1]));
        Assert.Equal(expected[0], await second.Encrypt(keys[0]));
        Assert.Equal((1, 1), (first.Reopened, second.Reopened));
        Assert.Empty(first.Faults.Concat(second.Faults));
    }

    [Fact]
    public void A_restart_that_somebody_else_made_is_not_repeated()
    {
        var before = TokenObjects.Module.Generation;
        Restart(before);
        Restart(before);
        Assert.Equal(before + 1, TokenObjects.Module.Generation);
    }

    [Fact]
    public async Task Fault_is_tried_three_times_and_then_tells_nothing_of_the_inside()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        var error = await Assert.ThrowsAsync<KmsException>(() => Fail(fixture, CKR.CKR_DEVICE_ERROR));
        Assert.Equal((KmsErrorCode.ServiceUnavailable, KmsErrorCode.ServiceUnavailable.StandardMessage()), (error.Code, error.Message));
        Assert.Null(error.InnerException);
        Assert.Equal(["CKR_DEVICE_ERROR", "CKR_DEVICE_ERROR", "CKR_DEVICE_ERROR"], fixture.Faults);
    }

    [Fact]
    public async Task Refusals_are_not_retried_and_keep_the_session()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        await fixture.Probe();
        var attempts = 0;
        var error = await Assert.ThrowsAsync<KmsException>(() => fixture.Lane.Run(0, (_, _) =>
        {
            attempts++;
            return ThrowCode(CKR.CKR_MECHANISM_INVALID);
        }));
        await fixture.Probe();
        Assert.Equal((KmsErrorCode.InternalFailure, 1, 0L), (error.Code, attempts, fixture.Reopened));
        Assert.Empty(fixture.Faults);
    }

    [Fact]
    public async Task Bad_data_hurts_neither_session_nor_circuit()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        var key = new HsmKey(Guid.NewGuid(), await fixture.Generate());
        for (var i = 0; i < 20; i++)
        {
            var error = await Assert.ThrowsAsync<KmsException>(() => fixture.Decrypt(key, new byte[20]));
            Assert.Equal(KmsErrorCode.InvalidParameter, error.Code);
            await Assert.ThrowsAsync<InvalidDataException>(() => fixture.Encrypt(new HsmKey(Guid.NewGuid(), new WrappedKey(1, new byte[40]))));
        }
        Assert.Equal(0, fixture.Reopened);
        Assert.Empty(fixture.Faults);
    }

    [Fact]
    public async Task Open_circuit_refuses_calls_without_trying_them()
    {
        await using var fixture = new LaneFixture(token.Options, token.ServiceKey);
        // Opens when failures come close together, which a machine that stalls may delay.
        while (await IsTried(fixture)) await Assert.ThrowsAsync<KmsException>(() => Fail(fixture, CKR.CKR_DEVICE_ERROR));
        await Until.Succeeds(fixture.Probe);
    }

    private static void Restart(int generation) => TokenObjects.Module.Restart(generation, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);

    private static async Task<bool> IsTried(LaneFixture fixture)
    {
        var isRun = false;
        var error = await Record.ExceptionAsync(() => fixture.Lane.Run(0, (_, _) =>
        {
            isRun = true;
            return ThrowCode(CKR.CKR_DEVICE_ERROR);
        }));
        Assert.Equal(KmsErrorCode.ServiceUnavailable, Assert.IsType<KmsException>(error).Code);
        return isRun;
    }

    private static Task<bool> Fail(LaneFixture fixture, CKR code) => fixture.Lane.Run(code, static (_, code) => ThrowCode(code));

    private static Task<bool> FailOnce(LaneFixture fixture, CKR code)
    {
        var attempts = 0;
        return fixture.Lane.Run(code, (_, code) => attempts++ > 0 || ThrowCode(code));
    }

    private static bool ThrowCode(CKR code) => throw new Pkcs11Exception("C_Test", code);
}

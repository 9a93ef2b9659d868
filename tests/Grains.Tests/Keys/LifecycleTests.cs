using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Grains.Trail.Proof;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Keys;

[Collection(TokenTests.Name)]
public sealed class LifecycleTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task Deletion_can_be_scheduled_and_cancelled(ProtectionLevel level)
    {
        var key = await _kms.CreateKey(level);
        var (id, blob) = ((await key.Describe()).KeyId, (await key.Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob);
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        var pending = await key.Describe();
        Assert.Equal((KeyState.PendingDeletion, _kms.Clock.GetUtcNow().AddDays(7)), (pending.State, pending.DeletesAt!.Value));
        await Refused(KmsErrorCode.KeyPendingDeletion, async () => await key.Decrypt(blob, EncryptionContext.Empty));
        await Refused(KmsErrorCode.StateModificationFailed, () => _kms.Lifecycle(id).ScheduleDeletion(7));
        await Refused(KmsErrorCode.StateModificationFailed, key.Enable);
        await _kms.Lifecycle(id).CancelDeletion();
        var saved = await key.Describe();
        Assert.Equal((KeyState.Enabled, null), (saved.State, saved.DeletesAt));
        Assert.Equal(Plaintext, (await key.Decrypt(blob, EncryptionContext.Empty)).Plaintext);
        await Refused(KmsErrorCode.StateModificationFailed, _kms.Lifecycle(id).CancelDeletion);
        // The reminder and the row of the first schedule must not count any more.
        _kms.Clock.Advance(TimeSpan.FromDays(8));
        await _kms.Sweep();
        _kms.SignIn();
        Assert.Equal(KeyState.Enabled, (await key.Describe()).State);
    }

    // What the token holds unwrapped is the process's own memory: nothing of a key that is out of use stays there.
    [Fact]
    public async Task A_key_that_goes_out_of_use_leaves_the_tokens_memory()
    {
        var key = await _kms.CreateKey(ProtectionLevel.Hsm);
        var id = (await key.Describe()).KeyId;
        await _kms.SignTrail();
        var others = Unwrapped();
        foreach (var (stop, start) in new (Func<Task>, Func<Task>)[] { (key.Disable, key.Enable), (() => _kms.Lifecycle(id).ScheduleDeletion(7), _kms.Lifecycle(id).CancelDeletion) })
        {
            await key.Encrypt(Plaintext, EncryptionContext.Empty);
            Assert.Equal(others + 1, Unwrapped());
            await stop();
            Assert.Equal(others, Unwrapped());
            await start();
        }

        int Unwrapped() => TokenObjects.Count(token.Options, isToken: false);
    }

    [Theory, InlineData(6, false), InlineData(7, true), InlineData(366, true), InlineData(367, false)]
    public async Task The_window_has_two_sides(int days, bool accepted)
    {
        var id = (await (await _kms.CreateKey()).Describe()).KeyId;
        if (accepted) await _kms.Lifecycle(id).ScheduleDeletion(days);
        else await Refused(KmsErrorCode.InvalidParameter, () => _kms.Lifecycle(id).ScheduleDeletion(days));
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task A_key_is_gone_when_its_window_closes_and_not_before(ProtectionLevel level)
    {
        var key = await _kms.CreateKey(level);
        var id = (await key.Describe()).KeyId;
        await _kms.Alias("alias/doomed").Create(id);
        await _kms.Labels(id).AddTags([new("a", "b")]);
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        _kms.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await _kms.Sweep();
        _kms.SignIn();
        Assert.Equal(KeyState.PendingDeletion, (await key.Describe()).State);
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        // Before anything has woken the key: the stored time decides.
        await Refused(KmsErrorCode.KeyNotFound, key.Describe);
        await Refused(KmsErrorCode.KeyNotFound, _kms.Lifecycle(id).CancelDeletion);
        await _kms.Sweep();
        _kms.SignIn();
        await AssertGone(_kms, id);
    }

    [Fact]
    public async Task A_key_that_fell_due_while_the_service_was_down_is_destroyed_at_start()
    {
        var folder = token.NewFolder();
        Guid id;
        await using (var first = await TestKms.Start(token, folder))
        {
            id = (await (await first.CreateKey()).Describe()).KeyId;
            await first.Alias("alias/doomed").Create(id);
            await first.Lifecycle(id).ScheduleDeletion(7);
        }
        await using var second = await TestKms.Start(token, folder, atStart: clock => clock.Advance(TimeSpan.FromDays(400)));
        // The first sweep runs by itself; this one only waits for the same work.
        await second.Sweep();
        second.SignIn();
        await AssertGone(second, id);
    }

    [Fact]
    public async Task A_protected_key_cannot_be_scheduled()
    {
        var key = await _kms.CreateKey();
        var id = (await key.Describe()).KeyId;
        await _kms.Lifecycle(id).SetDeletionProtection(true, "it seals the backups");
        var described = await key.Describe();
        Assert.Equal((true, "it seals the backups"), (described.IsDeletionProtected, described.DeletionProtectionDescription));
        await Refused(KmsErrorCode.RejectedUnsupportedOperation, () => _kms.Lifecycle(id).ScheduleDeletion(7));
        Assert.Equal(KeyState.Enabled, (await key.Describe()).State);
        await _kms.Lifecycle(id).SetDeletionProtection(false, "ignored");
        Assert.Equal("", (await key.Describe()).DeletionProtectionDescription);
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        await Refused(KmsErrorCode.KeyPendingDeletion, () => _kms.Lifecycle(id).SetDeletionProtection(true, ""));
    }

    [Fact]
    public async Task A_description_is_replaced_and_bounded()
    {
        var key = await _kms.CreateKey();
        var id = (await key.Describe()).KeyId;
        await _kms.Lifecycle(id).UpdateDescription(new('d', 8192));
        Assert.Equal(8192, (await key.Describe()).Description.Length);
        await Refused(KmsErrorCode.InvalidParameter, () => _kms.Lifecycle(id).UpdateDescription(new('d', 8193)));
        await _kms.Lifecycle(id).UpdateDescription("");
        Assert.Equal("", (await key.Describe()).Description);
    }

    [Fact]
    public async Task Key_policies_are_told_apart_from_missing_ones()
    {
        var id = (await (await _kms.CreateKey()).Describe()).KeyId;
        await Refused(KmsErrorCode.KeyPolicyUnsupported, () => _kms.Lifecycle(id).GetPolicy("default"));
        await Refused(KmsErrorCode.KeyPolicyUnsupported, () => _kms.Lifecycle(id).SetPolicy("default", "{}"));
        await Refused(KmsErrorCode.ResourceNotFound, () => _kms.Lifecycle(id).GetPolicy("other"));
        await Refused(KmsErrorCode.KeyNotFound, () => _kms.Lifecycle(Guid.NewGuid()).GetPolicy("default"));
    }

    [Fact]
    public async Task Lists_follow_the_state()
    {
        var (kept, disabled, pending) = (await Id(), await Id(), await Id());
        await _kms.Key(disabled).Disable();
        await _kms.Lifecycle(pending).ScheduleDeletion(30);
        Assert.Equal([kept], await Listed(KeyState.Enabled));
        Assert.Equal([disabled], await Listed(KeyState.Disabled));
        Assert.Equal([pending], await Listed(KeyState.PendingDeletion));
        Assert.Equal([disabled, pending], await Listed(KeyState.Disabled, KeyState.PendingDeletion));
        await _kms.Key(disabled).Enable();
        Assert.Equal([kept, disabled], await Listed(KeyState.Enabled));
    }

    private static async Task AssertGone(TestKms kms, Guid id)
    {
        await Refused(KmsErrorCode.KeyNotFound, kms.Key(id).Describe);
        await Refused(KmsErrorCode.AliasNotFound, async () => await kms.Alias("alias/doomed").Resolve());
        Assert.Equal(0, (await kms.Directory().ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
        Assert.Equal(0, (await kms.Directory().ListAliases(new(1, 10))).TotalCount);
        Assert.Empty((await kms.Directory().ListTagResources(new([], [], null))).Tags);
        Assert.DoesNotContain(kms.StoredStates(), text => text.Contains("material", StringComparison.Ordinal) && !text.Contains(TrailKey.AccountId, StringComparison.Ordinal));
    }

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    private async Task<Guid[]> Listed(params KeyState[] states) =>
        [.. (await _kms.Directory().ListKeys(new(1, 10), new(states, null, null, null))).Keys.Select(key => key.KeyId)];

    // Not asynchronous, for the calls that follow are signed in by CreateKey.
    private Task<Guid> Id()
    {
        var made = _kms.CreateKey();
        return Read();

        async Task<Guid> Read() => (await (await made).Describe()).KeyId;
    }
}

using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

[Collection(TokenTests.Name)]
public sealed class RotationTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task Each_interval_makes_one_version_and_old_ciphertexts_still_open(ProtectionLevel level)
    {
        var id = await Rotating(level);
        var blobs = new List<byte[]>();
        for (var round = 1; round <= 3; round++)
        {
            blobs.Add((await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob);
            await Pass(Week - TimeSpan.FromSeconds(1));
            Assert.Equal(round, await VersionCount(id));
            await Pass(TimeSpan.FromSeconds(1));
            Assert.Equal(round + 1, await VersionCount(id));
            await Pass(TimeSpan.Zero);
            Assert.Equal(round + 1, await VersionCount(id));
        }
        var described = await _kms.Key(id).Describe();
        var versions = (await _kms.Versions(id).ListVersions(new(1, 100))).Versions;
        Assert.Equal(versions[^1].VersionId, described.PrimaryVersion);
        Assert.Equal((AutomaticRotation.Enabled, Week, versions[^1].CreatedAt, versions[^1].CreatedAt + Week),
            (described.Rotation, described.RotationInterval!.Value, described.LastRotatedAt, described.NextRotationAt!.Value));
        for (var i = 0; i < blobs.Count; i++)
        {
            var opened = await _kms.Key(id).Decrypt(blobs[i], EncryptionContext.Empty);
            Assert.Equal((versions[i].VersionId, Encoding.UTF8.GetString(Plaintext)), (opened.KeyVersionId, Encoding.UTF8.GetString(opened.Plaintext)));
        }
        Assert.Equal(versions[^1].VersionId, (await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).KeyVersionId);
    }

    [Fact]
    public async Task However_long_the_service_was_down_one_rotation_is_made_up_for()
    {
        var folder = token.NewFolder();
        Guid id;
        await using (var first = await TestKms.Start(token, folder))
        {
            id = (await (await first.CreateKey()).Describe()).KeyId;
            await first.Versions(id).UpdateRotationPolicy(Week);
        }
        await using var second = await TestKms.Start(token, folder, atStart: clock => clock.Advance(10 * Week));
        await second.Sweep();
        await second.Sweep();
        second.SignIn();
        Assert.Equal(2, (await second.Versions(id).ListVersions(new(1, 10))).TotalCount);
        Assert.Equal(second.Clock.GetUtcNow() + Week, (await second.Key(id).Describe()).NextRotationAt);
    }

    [Fact]
    public async Task A_key_that_cannot_rotate_is_suspended_and_makes_up_for_it_when_it_is_enabled()
    {
        var id = await Rotating();
        await _kms.Key(id).Disable();
        await Pass(2 * Week);
        var suspended = await _kms.Key(id).Describe();
        Assert.Equal((AutomaticRotation.Suspended, Week, 1), (suspended.Rotation, suspended.RotationInterval!.Value, await VersionCount(id)));
        await _kms.Key(id).Enable();
        Assert.Equal((AutomaticRotation.Enabled, 2), ((await _kms.Key(id).Describe()).Rotation, await VersionCount(id)));
    }

    [Fact]
    public async Task A_key_that_is_saved_from_deletion_makes_up_for_its_rotation()
    {
        var id = await Rotating();
        await _kms.Lifecycle(id).ScheduleDeletion(30);
        await Pass(2 * Week);
        Assert.Equal((AutomaticRotation.Suspended, 1), ((await _kms.Key(id).Describe()).Rotation, await VersionCount(id)));
        await _kms.Lifecycle(id).CancelDeletion();
        Assert.Equal((AutomaticRotation.Enabled, 2), ((await _kms.Key(id).Describe()).Rotation, await VersionCount(id)));
    }

    [Fact]
    public async Task A_shorter_interval_that_has_passed_already_rotates_at_once()
    {
        var id = await Rotating(interval: TimeSpan.FromDays(730));
        await Pass(TimeSpan.FromDays(10));
        await _kms.Versions(id).UpdateRotationPolicy(Week);
        Assert.Equal(2, await VersionCount(id));
        await _kms.Versions(id).UpdateRotationPolicy(null);
        var off = await _kms.Key(id).Describe();
        Assert.Equal((AutomaticRotation.Disabled, null, null), (off.Rotation, off.RotationInterval, off.NextRotationAt));
        await Pass(3 * Week);
        Assert.Equal(2, await VersionCount(id));
    }

    [Theory, InlineData(6, false), InlineData(7, true), InlineData(730, true), InlineData(731, false)]
    public async Task The_interval_has_two_sides(int days, bool accepted)
    {
        var id = (await (await _kms.CreateKey()).Describe()).KeyId;
        if (accepted) await _kms.Versions(id).UpdateRotationPolicy(TimeSpan.FromDays(days));
        else await Refused(KmsErrorCode.InvalidParameter, () => _kms.Versions(id).UpdateRotationPolicy(TimeSpan.FromDays(days)));
    }

    [Fact]
    public async Task A_key_may_rotate_from_its_making_on()
    {
        _kms.SignIn();
        var made = await _kms.Directory().CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "", Week));
        Assert.Equal((AutomaticRotation.Enabled, made.CreatedAt + Week), (made.Rotation, made.NextRotationAt!.Value));
        await Pass(Week);
        Assert.Equal(2, await VersionCount(made.KeyId));
    }

    [Fact]
    public async Task Symmetric_keys_get_versions_by_their_policy_only_and_versions_are_found_by_id()
    {
        var id = await Rotating();
        await Refused(KmsErrorCode.RejectedUnsupportedOperation, _kms.VersionMaker(id).CreateVersion);
        var version = (await _kms.Versions(id).ListVersions(new(1, 1))).Versions.Single();
        Assert.Equal(version, await _kms.Versions(id).DescribeVersion(version.VersionId));
        await Refused(KmsErrorCode.KeyVersionNotFound, () => _kms.Versions(id).DescribeVersion(Guid.NewGuid()));
        await Pass(Week);
        await Pass(Week);
        var all = (await _kms.Versions(id).ListVersions(new(1, 100))).Versions;
        Assert.Equal([all[2]], (await _kms.Versions(id).ListVersions(new(2, 2))).Versions);
        Assert.Empty((await _kms.Versions(id).ListVersions(new(3, 2))).Versions);
    }

    // Without sweeps, so that nothing but the reminder can have woken the key.
    [Fact]
    public async Task A_reminder_wakes_the_key()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder(), silo => silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(DueSweep))));
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        await kms.Versions(id).UpdateRotationPolicy(Week);
        kms.Clock.Advance(Week);
        kms.SignIn();
        await Until.True(async () =>
        {
            // In small steps: who waits for the trail gives up after ten seconds of this clock.
            kms.Clock.Advance(TimeSpan.FromSeconds(1));
            kms.SignIn();
            return (await kms.Versions(id).ListVersions(new(1, 1))).TotalCount == 2;
        });
    }

    [Fact]
    public async Task A_tick_that_a_client_makes_up_is_refused()
    {
        var id = await Rotating();
        var grain = _kms.Client.GetGrain<IKeyVersionsGrain>(KeyId.GrainKey(TestKms.Account, id)).AsReference<IRemindable>();
        await Refused(KmsErrorCode.NotAuthenticated, () => grain.ReceiveReminder("due", default));
    }

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    private Task<Guid> Rotating(ProtectionLevel level = ProtectionLevel.Software, TimeSpan? interval = null)
    {
        var made = _kms.CreateKey(level);
        return Turn();

        async Task<Guid> Turn()
        {
            var id = (await (await made).Describe()).KeyId;
            await _kms.Versions(id).UpdateRotationPolicy(interval ?? Week);
            return id;
        }
    }

    private Task Pass(TimeSpan time)
    {
        _kms.Clock.Advance(time);
        _kms.SignIn();
        return _kms.Sweep();
    }

    private async Task<int> VersionCount(Guid id) => (await _kms.Versions(id).ListVersions(new(1, 1))).TotalCount;
}

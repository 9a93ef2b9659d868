using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Grains.Tests;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Tests;

/// <summary>A CMK that gets a new version, on a service whose clock is the test's.</summary>
public sealed class RotationTests
{
    private static readonly EncryptionContext Context = EncryptionContext.Empty;

    [Fact]
    public async Task New_data_keys_are_under_the_new_version_and_old_blobs_open()
    {
        var clock = new LeapingClock(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var service = await TestService.Start(clock);
        await using var client = service.Client();
        var keyId = await TestService.CreateKey(client);
        await (await client.Grain<IKeyVersionsGrain>(KeyId.GrainKey(TestService.Account, Guid.Parse(keyId)))).UpdateRotationPolicy(TimeSpan.FromDays(7));
        using var envelope = client.Envelope(new() { KeyId = keyId, MaxAge = TimeSpan.FromDays(1) });
        var old = await envelope.Seal(new byte[] { 1 }, Context);
        Assert.Equal((await client.Key(keyId).Describe()).PrimaryVersion, VersionOf(old));

        clock.Advance(TimeSpan.FromDays(7));
        await service.Sweep();
        var primary = (await client.Key(keyId).Describe()).PrimaryVersion;
        Assert.NotEqual(primary, VersionOf(old));
        var rewritten = await envelope.Seal(await envelope.Open(old, Context), Context);
        Assert.Equal(primary, VersionOf(rewritten));
        Assert.Equal([1], await envelope.Open(rewritten, Context));
    }

    private static Guid VersionOf(byte[] blob) => CiphertextBlob.TryReadHeader(SealedBlob.EncryptedKey(blob), out _, out var version) ? version : default;
}

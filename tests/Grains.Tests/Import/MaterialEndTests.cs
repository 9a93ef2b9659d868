using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Import;

/// <summary>How imported material, its tokens and its wrapping keys end. Each test has a silo of its own, whose clock it moves.</summary>
[Collection(TokenTests.Name)]
public sealed class MaterialEndTests(TokenFixture token) : Importing, IAsyncLifetime
{
    private const int Ahead = 4;
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private TestKms _kms = null!;

    public static TheoryData<ProtectionLevel> Levels => [ProtectionLevel.Software, ProtectionLevel.Hsm];

    private protected override TestKms Kms => _kms;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory, MemberData(nameof(Levels))]
    public async Task A_token_is_for_its_key_and_wrapping_key_and_for_a_day(ProtectionLevel level)
    {
        var (id, other) = (await CreateKey(level), await CreateKey(level));
        var material = RandomNumberGenerator.GetBytes(32);
        var parameters = await _kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048);
        Assert.Equal(_kms.Clock.GetUtcNow().AddHours(24), parameters.ExpiresAt);
        var second = await _kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048);
        Assert.NotEqual(parameters.PublicKey, second.PublicKey);
        await Refused(KmsErrorCode.InvalidImportToken, () => Import(other, parameters, material));
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => _kms.Import(id).Import(second.ImportToken, Wrap(parameters, material, WrappingAlgorithm.RsaesOaepSha1), null));
        var altered = parameters.ImportToken.ToArray();
        altered[20] ^= 1;
        byte[][] bad = [altered, [], [1], parameters.ImportToken[..^1], [.. parameters.ImportToken, 0], new byte[5000]];
        foreach (var importToken in bad) await Refused(KmsErrorCode.InvalidImportToken, () => _kms.Import(id).Import(importToken, Wrap(parameters, material, WrappingAlgorithm.RsaesOaepSha1), null));
        await Refused(KmsErrorCode.InvalidImportToken, () => _kms.Import(id).Import(null!, Wrap(parameters, material, WrappingAlgorithm.RsaesOaepSha1), null));
        _kms.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        _kms.SignIn();
        await Import(id, parameters, material);
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        await Refused(KmsErrorCode.ExpiredImportToken, () => Import(id, parameters, material));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task Material_expires_to_the_second_before_anything_has_woken_the_key(ProtectionLevel level)
    {
        var others = await Others();
        var id = await CreateKey(level);
        var material = RandomNumberGenerator.GetBytes(32);
        var expiry = _kms.Clock.GetUtcNow().AddHours(2);
        await Import(id, material, expiresAt: expiry);
        Assert.Equal(expiry, (await _kms.Key(id).Describe()).MaterialExpiresAt);
        var blob = (await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        // A pair whose maker's patience ends with a step of the clock would be made later only.
        await PairsAreMade();
        _kms.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        _kms.SignIn();
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        _kms.SignIn();
        await Refused(KmsErrorCode.KeyPendingImport, async () => await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty));
        await Refused(KmsErrorCode.KeyPendingImport, async () => await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty));
        await Refused(KmsErrorCode.StateModificationFailed, _kms.Key(id).Enable);
        var expired = await _kms.Key(id).Describe();
        Assert.Equal((KeyState.PendingImport, null, Guid.Empty), (expired.State, expired.MaterialExpiresAt, expired.PrimaryVersion));
        await _kms.Sweep();
        _kms.SignIn();
        await PairsAreMade();
        Assert.Equal(others, Unwrapped());
        Assert.Equal([id], (await _kms.Directory().ListKeys(new(1, 10), new([KeyState.PendingImport], null, null, null))).Keys.Select(key => key.KeyId));
        await Import(id, material, expiresAt: _kms.Clock.GetUtcNow().AddDays(1));
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
    }

    [Fact]
    public async Task An_expiry_is_changed_by_importing_again_and_lies_ahead()
    {
        var id = await CreateKey(ProtectionLevel.Software);
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(id, material, expiresAt: _kms.Clock.GetUtcNow().AddMinutes(1));
        await Import(id, material, expiresAt: null);
        Assert.Null((await _kms.Key(id).Describe()).MaterialExpiresAt);
        _kms.Clock.Advance(TimeSpan.FromMinutes(1));
        await _kms.Sweep();
        _kms.SignIn();
        Assert.Equal(KeyState.Enabled, (await _kms.Key(id).Describe()).State);
        foreach (var past in new[] { _kms.Clock.GetUtcNow(), _kms.Clock.GetUtcNow().AddSeconds(-1), DateTimeOffset.MinValue })
        {
            var error = await Assert.ThrowsAsync<KmsException>(() => Import(id, material, expiresAt: past));
            Assert.Equal("The specified parameter KeyMaterialExpireUnix is not valid.", error.Message);
        }
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task Deleted_material_leaves_memory_and_the_state_follows(ProtectionLevel level)
    {
        var others = await Others();
        var id = await CreateKey(level);
        var material = RandomNumberGenerator.GetBytes(32);
        await _kms.Import(id).DeleteMaterial();
        Assert.Equal(KeyState.PendingImport, (await _kms.Key(id).Describe()).State);
        await Import(id, material);
        await PairsAreMade();
        Assert.Equal(others, Unwrapped());
        await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty);
        Assert.Equal(others + (level == ProtectionLevel.Hsm ? 1 : 0), Unwrapped());
        await _kms.Key(id).Disable();
        await Import(id, material);
        Assert.Equal(KeyState.Disabled, (await _kms.Key(id).Describe()).State);
        await _kms.Import(id).DeleteMaterial();
        Assert.Equal(KeyState.PendingImport, (await _kms.Key(id).Describe()).State);
        await PairsAreMade();
        Assert.Equal(others, Unwrapped());
        await Import(id, material);
        Assert.Equal(KeyState.Enabled, (await _kms.Key(id).Describe()).State);
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        var deletesAt = (await _kms.Key(id).Describe()).DeletesAt;
        await Refused(KmsErrorCode.StateModificationFailed, () => Import(id, material));
        await _kms.Import(id).DeleteMaterial();
        var pending = await _kms.Key(id).Describe();
        Assert.Equal((KeyState.PendingDeletion, deletesAt), (pending.State, pending.DeletesAt));
        await _kms.Lifecycle(id).CancelDeletion();
        Assert.Equal(KeyState.PendingImport, (await _kms.Key(id).Describe()).State);
    }

    [Fact]
    public async Task Material_that_expires_while_its_key_waits_for_deletion_does_not_keep_the_key()
    {
        var id = await CreateKey(ProtectionLevel.Software);
        await Import(id, RandomNumberGenerator.GetBytes(32), expiresAt: _kms.Clock.GetUtcNow().AddDays(1));
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        _kms.Clock.Advance(TimeSpan.FromDays(2));
        await _kms.Sweep();
        _kms.SignIn();
        Assert.Equal(KeyState.PendingDeletion, (await _kms.Key(id).Describe()).State);
        _kms.Clock.Advance(TimeSpan.FromDays(5));
        await _kms.Sweep();
        _kms.SignIn();
        await Refused(KmsErrorCode.KeyNotFound, _kms.Key(id).Describe);
    }

    // The change is stored without the material, so no reminder or sweep comes to end it later.
    [Fact]
    public async Task A_change_of_a_key_whose_material_has_expired_ends_the_material_too()
    {
        var others = await Others();
        var id = await CreateKey(ProtectionLevel.Hsm);
        await Import(id, RandomNumberGenerator.GetBytes(32), expiresAt: _kms.Clock.GetUtcNow().AddHours(1));
        await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty);
        await PairsAreMade();
        Assert.Equal(others + 1, Unwrapped());
        using var expiries = new Expiries(_kms.Services.GetRequiredService<IMeterFactory>());
        // A jump, which lets no timer run: the sweep must not be there first.
        _kms.Clock.AdjustTime(_kms.Clock.GetUtcNow().AddHours(1));
        _kms.SignIn();
        await _kms.Lifecycle(id).UpdateDescription("changed");
        Assert.Equal(KeyState.PendingImport, (await _kms.Key(id).Describe()).State);
        Assert.Equal((others, 1), (Unwrapped(), expiries.Count));
        await _kms.Sweep();
        Assert.Equal(1, expiries.Count);
    }

    [Fact]
    public async Task Wrapping_keys_are_made_ahead()
    {
        var pairs = _kms.Services.GetRequiredService<WrappingPairs>();
        Assert.Equal((0, 0), (pairs.Count(UnwrappingPlace.Memory), pairs.Count(UnwrappingPlace.Token)));
        await CreateKey(ProtectionLevel.Hsm);
        await PairsAreMade();
        var taken = await pairs.Take(UnwrappingPlace.Token, KeySpec.Rsa2048);
        Assert.True(PublicKeyInfo.IsValid(KeySpec.Rsa2048, taken.PublicKey));
        await Until.True(() => Task.FromResult(pairs.Count(UnwrappingPlace.Token) == Ahead));
    }

    private Task PairsAreMade()
    {
        var pairs = _kms.Services.GetRequiredService<WrappingPairs>();
        return Until.True(() => Task.FromResult(pairs.Count(UnwrappingPlace.Memory) == Ahead && pairs.Count(UnwrappingPlace.Token) == Ahead));
    }

    // What the token holds besides: a service key in every lane that an import needs, and nothing of pairs that are being made.
    private Task<int> Others()
    {
        var first = CreateKey(ProtectionLevel.Hsm);
        return Count();

        async Task<int> Count()
        {
            await Import(await first, RandomNumberGenerator.GetBytes(32));
            await PairsAreMade();
            await _kms.SignTrail();
            return Unwrapped();
        }
    }

    private int Unwrapped() => TokenObjects.Count(token.Options, isToken: false);

    /// <summary>Counts what the metric of expired material says from now on.</summary>
    private sealed class Expiries : IDisposable
    {
        private readonly MeterListener _listener = new();
        private int _count;

        public Expiries(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "kms.keys.material.expired") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, (int)value));
            _listener.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}

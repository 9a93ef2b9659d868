using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Import;
using Orleans.Kms.Grains.Tests.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Import;

[Collection(TokenTests.Name)]
public sealed class ImportTests(TokenFixture token) : IAsyncLifetime
{
    private const int Ahead = 4;
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private static readonly EncryptionContext Context = EncryptionContext.Of([new("purpose", "test")]);
    private TestKms _kms = null!;

    public static TheoryData<ProtectionLevel, WrappingAlgorithm> Offered => new()
    {
        { ProtectionLevel.Software, WrappingAlgorithm.RsaesPkcs1V15 },
        { ProtectionLevel.Software, WrappingAlgorithm.RsaesOaepSha1 },
        { ProtectionLevel.Software, WrappingAlgorithm.RsaesOaepSha256 },
        { ProtectionLevel.Hsm, WrappingAlgorithm.RsaesPkcs1V15 },
        { ProtectionLevel.Hsm, WrappingAlgorithm.RsaesOaepSha1 },
    };

    public static TheoryData<ProtectionLevel> Levels => [ProtectionLevel.Software, ProtectionLevel.Hsm];

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory, MemberData(nameof(Offered))]
    public async Task Imported_material_is_what_encrypts(ProtectionLevel level, WrappingAlgorithm algorithm)
    {
        var id = await CreateKey(level);
        var before = await _kms.Key(id).Describe();
        Assert.Equal((KeyState.PendingImport, KeyOrigin.External, Guid.Empty, null), (before.State, before.Origin, before.PrimaryVersion, before.MaterialExpiresAt));
        await Refused(KmsErrorCode.KeyPendingImport, async () => await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty));
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(id, material, algorithm);
        var after = await _kms.Key(id).Describe();
        Assert.Equal((KeyState.Enabled, null, false), (after.State, after.MaterialExpiresAt, after.IsImportedOutsideHsm));
        var (version, blob) = await _kms.Key(id).Encrypt(Plaintext, Context);
        Assert.Equal(after.PrimaryVersion, version);
        Assert.Equal(Plaintext, OpenOutside(material, blob, Context));
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, Context)).Plaintext);
        await _kms.Deactivate(_kms.Key(id));
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, Context)).Plaintext);
    }

    [Fact]
    public async Task Sm4_material_is_imported_under_sm2_as_well()
    {
        var id = await CreateKey(ProtectionLevel.Software, KeySpec.Sm4);
        var material = RandomNumberGenerator.GetBytes(16);
        await Import(id, material, WrappingAlgorithm.Sm2Pke, KeySpec.EcSm2);
        var blob = (await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        // The same material by the other way: any other would be refused.
        await Import(id, material, WrappingAlgorithm.RsaesOaepSha256);
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => Import(id, RandomNumberGenerator.GetBytes(16), WrappingAlgorithm.Sm2Pke, KeySpec.EcSm2));
    }

    [Theory]
    [InlineData(KeySpec.Aes256, WrappingAlgorithm.Sm2Pke, KeySpec.EcSm2, "WrappingKeySpec")]
    [InlineData(KeySpec.Aes256, WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa3072, "WrappingKeySpec")]
    [InlineData(KeySpec.Aes256, WrappingAlgorithm.Sm2Pke, KeySpec.Rsa2048, "WrappingAlgorithm")]
    [InlineData(KeySpec.Sm4, WrappingAlgorithm.RsaesOaepSha1, KeySpec.EcSm2, "WrappingAlgorithm")]
    public async Task What_does_not_go_together_is_named(KeySpec spec, WrappingAlgorithm algorithm, KeySpec wrappingKeySpec, string parameter)
    {
        var id = await CreateKey(ProtectionLevel.Software, spec);
        var error = await Assert.ThrowsAsync<KmsException>(() => _kms.Import(id).GetParameters(algorithm, wrappingKeySpec));
        Assert.Equal((KmsErrorCode.InvalidParameter, $"The specified parameter {parameter} is not valid."), (error.Code, error.Message));
    }

    [Fact]
    public async Task What_the_token_cannot_unwrap_inside_is_refused_at_once()
    {
        var id = await CreateKey(ProtectionLevel.Hsm);
        var error = await Assert.ThrowsAsync<KmsException>(() => _kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha256, KeySpec.Rsa2048));
        Assert.Equal(
            (KmsErrorCode.UnsupportedOperation, "This action is not supported. The token of this service has no RSAES_OAEP_SHA_256. For imports it has RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1."),
            (error.Code, error.Message));
    }

    [Fact]
    public async Task A_setting_lets_material_in_outside_the_hsm_and_the_key_tells_it()
    {
        var id = await CreateKey(ProtectionLevel.Hsm);
        var options = _kms.Services.GetRequiredService<IOptions<KmsOptions>>().Value;
        options.AllowImportOutsideHsm = true;
        var material = RandomNumberGenerator.GetBytes(32);
        // What the token can do is done inside although it need not be.
        await Import(id, material, WrappingAlgorithm.RsaesOaepSha1);
        Assert.False((await _kms.Key(id).Describe()).IsImportedOutsideHsm);
        var parameters = await _kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha256, KeySpec.Rsa2048);
        options.AllowImportOutsideHsm = false;
        await Refused(KmsErrorCode.UnsupportedOperation, () => Import(id, parameters, material, WrappingAlgorithm.RsaesOaepSha256));
        options.AllowImportOutsideHsm = true;
        await Import(id, parameters, material, WrappingAlgorithm.RsaesOaepSha256);
        Assert.True((await _kms.Key(id).Describe()).IsImportedOutsideHsm);
        await Import(id, material, WrappingAlgorithm.RsaesPkcs1V15);
        Assert.True((await _kms.Key(id).Describe()).IsImportedOutsideHsm);
        var blob = (await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        Assert.Equal(Plaintext, OpenOutside(material, blob, EncryptionContext.Empty));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task Only_the_same_material_comes_back(ProtectionLevel level)
    {
        var id = await CreateKey(level);
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(id, material);
        var blob = (await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => Import(id, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
        await _kms.Import(id).DeleteMaterial();
        await _kms.Deactivate(_kms.Key(id));
        Assert.DoesNotContain(_kms.StoredStates(), text => text.Contains(Convert.ToBase64String(material), StringComparison.Ordinal));
        await Refused(KmsErrorCode.KeyPendingImport, async () => await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty));
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => Import(id, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(KeyState.PendingImport, (await _kms.Key(id).Describe()).State);
        await Import(id, material);
        Assert.Equal(Plaintext, (await _kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
    }

    // One answer, so that nobody can find out about a wrapped key by sending altered ones.
    [Theory, MemberData(nameof(Offered))]
    public async Task Whatever_is_wrong_with_the_material_is_told_alike(ProtectionLevel level, WrappingAlgorithm algorithm)
    {
        var id = await CreateKey(level);
        var parameters = await _kms.Import(id).GetParameters(algorithm, KeySpec.Rsa2048);
        var good = Wrap(parameters, RandomNumberGenerator.GetBytes(32), algorithm);
        var flipped = good.ToArray();
        flipped[^1] ^= 1;
        byte[][] bad = [
            flipped, [], good[..^1], [.. good, 0], new byte[256], RandomNumberGenerator.GetBytes(256), [.. Enumerable.Repeat((byte)0xff, 256)],
            Wrap(parameters, RandomNumberGenerator.GetBytes(31), algorithm), Wrap(parameters, RandomNumberGenerator.GetBytes(16), algorithm), Wrap(parameters, RandomNumberGenerator.GetBytes(24), algorithm),
            Wrap(parameters, RandomNumberGenerator.GetBytes(33), algorithm), Wrap(parameters, RandomNumberGenerator.GetBytes(1), algorithm), Wrap(parameters, [], algorithm),
            Wrap(parameters, RandomNumberGenerator.GetBytes(32), algorithm == WrappingAlgorithm.RsaesOaepSha1 ? WrappingAlgorithm.RsaesPkcs1V15 : WrappingAlgorithm.RsaesOaepSha1),
        ];
        foreach (var encrypted in bad)
        {
            var error = await Assert.ThrowsAsync<KmsException>(() => _kms.Import(id).Import(parameters.ImportToken, encrypted, null));
            Assert.Equal((KmsErrorCode.InvalidKeyMaterial, "key material is invalid."), (error.Code, error.Message));
        }
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => _kms.Import(id).Import(parameters.ImportToken, null!, null));
        Assert.Equal(KeyState.PendingImport, (await _kms.Key(id).Describe()).State);
        await _kms.Import(id).Import(parameters.ImportToken, good, null);
        // And again, as often as its user wants.
        await _kms.Import(id).Import(parameters.ImportToken, good, null);
        Assert.Equal(KeyState.Enabled, (await _kms.Key(id).Describe()).State);
    }

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
    public async Task Rotation_is_refused_for_the_origin()
    {
        var id = await CreateKey(ProtectionLevel.Software);
        var error = await Assert.ThrowsAsync<KmsException>(() => _kms.Versions(id).UpdateRotationPolicy(TimeSpan.FromDays(7)));
        Assert.Equal((KmsErrorCode.RejectedUnsupportedOperation, "Unsupported operation. The key is of Origin EXTERNAL."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Keys_of_the_service_take_no_material()
    {
        var id = (await (await _kms.CreateKey()).Describe()).KeyId;
        foreach (var call in new Func<Task>[]
        {
            () => _kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048), () => _kms.Import(id).Import([1], [1], null), _kms.Import(id).DeleteMaterial,
        })
        {
            var error = await Assert.ThrowsAsync<KmsException>(call);
            Assert.Equal((KmsErrorCode.UnsupportedOrigin, "This key origin is not valid for this api. The key is of Origin Aliyun_KMS."), (error.Code, error.Message));
        }
        await Refused(KmsErrorCode.KeyNotFound, _kms.Import(Guid.NewGuid()).DeleteMaterial);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_same_material_in_two_keys_opens_no_ciphertext_of_the_other(ProtectionLevel level)
    {
        var (one, two) = (await CreateKey(level), await CreateKey(level));
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(one, material);
        await Import(two, material);
        var blob = (await _kms.Key(one).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        var forged = (await _kms.Key(two).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob[..34];
        await Refused(KmsErrorCode.InvalidParameter, async () => await _kms.Key(two).Decrypt(blob, EncryptionContext.Empty));
        await Refused(KmsErrorCode.InvalidParameter, async () => await _kms.Key(two).Decrypt([.. forged, .. blob[34..]], EncryptionContext.Empty));
    }

    // Only one of them is the first, and only its material stays.
    [Theory, MemberData(nameof(Levels))]
    public async Task Of_imports_at_once_one_wins(ProtectionLevel level)
    {
        var id = await CreateKey(level);
        var parameters = await _kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048);
        var materials = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(32)).ToArray();
        var outcomes = await Task.WhenAll(materials.Select(async material => (material, Error: await Record.ExceptionAsync(() => Import(id, parameters, material)))));
        var winner = Assert.Single(outcomes, outcome => outcome.Error is null).material;
        Assert.All(outcomes.Where(outcome => outcome.Error is not null), outcome => Assert.Equal(KmsErrorCode.InvalidKeyMaterial, Assert.IsType<KmsException>(outcome.Error).Code));
        var blob = (await _kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        Assert.Equal(Plaintext, OpenOutside(winner, blob, EncryptionContext.Empty));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Import(id, parameters, winner)));
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

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    /// <summary>Decrypts as the user would who has nothing but the material.</summary>
    private static byte[] OpenOutside(byte[] material, byte[] blob, EncryptionContext context)
    {
        var aad = new byte[CiphertextBlob.HeaderLength + context.CanonicalLength];
        CiphertextBlob.Header(blob).CopyTo(aad);
        context.WriteCanonical(aad.AsSpan(CiphertextBlob.HeaderLength));
        var plaintext = new byte[blob.Length - CiphertextBlob.Overhead];
        using var aes = new AesGcm(material, CiphertextBlob.TagLength);
        aes.Decrypt(CiphertextBlob.Iv(blob), blob.AsSpan(CiphertextBlob.HeaderLength..^CiphertextBlob.TagLength), blob.AsSpan(^CiphertextBlob.TagLength..), plaintext, aad);
        return plaintext;
    }

    private static byte[] Wrap(ImportParameters parameters, byte[] material, WrappingAlgorithm algorithm) => algorithm == WrappingAlgorithm.Sm2Pke
        ? PublicKeys.Encrypt(KeySpec.EcSm2, parameters.PublicKey, EncryptionAlgorithm.Sm2Pke, material)
        : WrapRsa(parameters, material, algorithm);

    private static byte[] WrapRsa(ImportParameters parameters, byte[] material, WrappingAlgorithm algorithm)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(parameters.PublicKey, out _);
        return rsa.Encrypt(material, algorithm.Padding());
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
            return Unwrapped();
        }
    }

    private int Unwrapped() => TokenObjects.Count(token.Options, isToken: false);

    private Task Import(Guid id, ImportParameters parameters, byte[] material, WrappingAlgorithm algorithm = WrappingAlgorithm.RsaesOaepSha1) =>
        _kms.Import(id).Import(parameters.ImportToken, Wrap(parameters, material, algorithm), null);

    private async Task Import(
        Guid id, byte[] material, WrappingAlgorithm algorithm = WrappingAlgorithm.RsaesOaepSha1, KeySpec wrappingKeySpec = KeySpec.Rsa2048, DateTimeOffset? expiresAt = null)
    {
        var parameters = await _kms.Import(id).GetParameters(algorithm, wrappingKeySpec);
        await _kms.Import(id).Import(parameters.ImportToken, Wrap(parameters, material, algorithm), expiresAt);
    }

    // Not asynchronous, for the calls that follow are signed in by it.
    private Task<Guid> CreateKey(ProtectionLevel level, KeySpec spec = KeySpec.Aes256)
    {
        _kms.SignIn();
        return Create();

        async Task<Guid> Create() => (await _kms.Directory().CreateKey(new(spec, KeyUsage.EncryptDecrypt, KeyOrigin.External, level, "imported"))).KeyId;
    }

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

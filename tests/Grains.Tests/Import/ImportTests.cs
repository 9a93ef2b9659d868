using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Import;

[Collection(TokenTests.Name)]
public sealed class ImportTests(ImportFixture fixture) : Importing, IClassFixture<ImportFixture>
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private static readonly EncryptionContext Context = EncryptionContext.Of([new("purpose", "test")]);

    public static TheoryData<ProtectionLevel, WrappingAlgorithm> Offered => new()
    {
        { ProtectionLevel.Software, WrappingAlgorithm.RsaesPkcs1V15 },
        { ProtectionLevel.Software, WrappingAlgorithm.RsaesOaepSha1 },
        { ProtectionLevel.Software, WrappingAlgorithm.RsaesOaepSha256 },
        { ProtectionLevel.Hsm, WrappingAlgorithm.RsaesPkcs1V15 },
        { ProtectionLevel.Hsm, WrappingAlgorithm.RsaesOaepSha1 },
    };

    public static TheoryData<ProtectionLevel> Levels => [ProtectionLevel.Software, ProtectionLevel.Hsm];

    private protected override TestKms Kms => fixture.Kms;

    [Theory, MemberData(nameof(Offered))]
    public async Task Imported_material_is_what_encrypts(ProtectionLevel level, WrappingAlgorithm algorithm)
    {
        var id = await CreateKey(level);
        var before = await Kms.Key(id).Describe();
        Assert.Equal((KeyState.PendingImport, KeyOrigin.External, Guid.Empty, null), (before.State, before.Origin, before.PrimaryVersion, before.MaterialExpiresAt));
        await Refused(KmsErrorCode.KeyPendingImport, async () => await Kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty));
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(id, material, algorithm);
        var after = await Kms.Key(id).Describe();
        Assert.Equal((KeyState.Enabled, null, false), (after.State, after.MaterialExpiresAt, after.IsImportedOutsideHsm));
        var (version, blob) = await Kms.Key(id).Encrypt(Plaintext, Context);
        Assert.Equal(after.PrimaryVersion, version);
        Assert.Equal(Plaintext, OpenOutside(material, blob, Context));
        Assert.Equal(Plaintext, (await Kms.Key(id).Decrypt(blob, Context)).Plaintext);
        await Kms.Deactivate(Kms.Key(id));
        Assert.Equal(Plaintext, (await Kms.Key(id).Decrypt(blob, Context)).Plaintext);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_first_material_may_come_to_a_key_that_was_read_again(ProtectionLevel level)
    {
        var id = await CreateKey(level);
        await Kms.Deactivate(Kms.Key(id));
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(id, material, WrappingAlgorithm.RsaesOaepSha1);
        var (_, blob) = await Kms.Key(id).Encrypt(Plaintext, Context);
        Assert.Equal(Plaintext, OpenOutside(material, blob, Context));
    }

    [Fact]
    public async Task Sm4_material_is_imported_under_sm2_as_well()
    {
        var id = await CreateKey(ProtectionLevel.Software, KeySpec.Sm4);
        var material = RandomNumberGenerator.GetBytes(16);
        await Import(id, material, WrappingAlgorithm.Sm2Pke, KeySpec.EcSm2);
        var blob = (await Kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        // The same material by the other way: any other would be refused.
        await Import(id, material, WrappingAlgorithm.RsaesOaepSha256);
        Assert.Equal(Plaintext, (await Kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
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
        var error = await Assert.ThrowsAsync<KmsException>(() => Kms.Import(id).GetParameters(algorithm, wrappingKeySpec));
        Assert.Equal((KmsErrorCode.InvalidParameter, $"The specified parameter {parameter} is not valid."), (error.Code, error.Message));
    }

    [Fact]
    public async Task What_the_token_cannot_unwrap_inside_is_refused_at_once()
    {
        var id = await CreateKey(ProtectionLevel.Hsm);
        var error = await Assert.ThrowsAsync<KmsException>(() => Kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha256, KeySpec.Rsa2048));
        Assert.Equal(
            (KmsErrorCode.UnsupportedOperation, "This action is not supported. The token of this service has no RSAES_OAEP_SHA_256. For imports it has RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1."),
            (error.Code, error.Message));
    }

    [Fact]
    public async Task A_setting_lets_material_in_outside_the_hsm_and_the_key_tells_it()
    {
        var id = await CreateKey(ProtectionLevel.Hsm);
        var options = Kms.Services.GetRequiredService<IOptions<KmsOptions>>().Value;
        options.AllowImportOutsideHsm = true;
        var material = RandomNumberGenerator.GetBytes(32);
        // What the token can do is done inside although it need not be.
        await Import(id, material, WrappingAlgorithm.RsaesOaepSha1);
        Assert.False((await Kms.Key(id).Describe()).IsImportedOutsideHsm);
        var parameters = await Kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha256, KeySpec.Rsa2048);
        options.AllowImportOutsideHsm = false;
        await Refused(KmsErrorCode.UnsupportedOperation, () => Import(id, parameters, material, WrappingAlgorithm.RsaesOaepSha256));
        options.AllowImportOutsideHsm = true;
        await Import(id, parameters, material, WrappingAlgorithm.RsaesOaepSha256);
        Assert.True((await Kms.Key(id).Describe()).IsImportedOutsideHsm);
        await Import(id, material, WrappingAlgorithm.RsaesPkcs1V15);
        Assert.True((await Kms.Key(id).Describe()).IsImportedOutsideHsm);
        var blob = (await Kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        Assert.Equal(Plaintext, OpenOutside(material, blob, EncryptionContext.Empty));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task Only_the_same_material_comes_back(ProtectionLevel level)
    {
        var id = await CreateKey(level);
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(id, material);
        var blob = (await Kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => Import(id, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(Plaintext, (await Kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
        await Kms.Import(id).DeleteMaterial();
        await Kms.Deactivate(Kms.Key(id));
        Assert.DoesNotContain(Kms.StoredStates(), text => text.Contains(Convert.ToBase64String(material), StringComparison.Ordinal));
        await Refused(KmsErrorCode.KeyPendingImport, async () => await Kms.Key(id).Decrypt(blob, EncryptionContext.Empty));
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => Import(id, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(KeyState.PendingImport, (await Kms.Key(id).Describe()).State);
        await Import(id, material);
        Assert.Equal(Plaintext, (await Kms.Key(id).Decrypt(blob, EncryptionContext.Empty)).Plaintext);
    }

    // One answer, so that nobody can find out about a wrapped key by sending altered ones.
    [Theory, MemberData(nameof(Offered))]
    public async Task Whatever_is_wrong_with_the_material_is_told_alike(ProtectionLevel level, WrappingAlgorithm algorithm)
    {
        var id = await CreateKey(level);
        var parameters = await Kms.Import(id).GetParameters(algorithm, KeySpec.Rsa2048);
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
            var error = await Assert.ThrowsAsync<KmsException>(() => Kms.Import(id).Import(parameters.ImportToken, encrypted, null));
            Assert.Equal((KmsErrorCode.InvalidKeyMaterial, "key material is invalid."), (error.Code, error.Message));
        }
        await Refused(KmsErrorCode.InvalidKeyMaterial, () => Kms.Import(id).Import(parameters.ImportToken, null!, null));
        Assert.Equal(KeyState.PendingImport, (await Kms.Key(id).Describe()).State);
        await Kms.Import(id).Import(parameters.ImportToken, good, null);
        // And again, as often as its user wants.
        await Kms.Import(id).Import(parameters.ImportToken, good, null);
        Assert.Equal(KeyState.Enabled, (await Kms.Key(id).Describe()).State);
    }

    [Fact]
    public async Task Rotation_is_refused_for_the_origin()
    {
        var id = await CreateKey(ProtectionLevel.Software);
        var error = await Assert.ThrowsAsync<KmsException>(() => Kms.Versions(id).UpdateRotationPolicy(TimeSpan.FromDays(7)));
        Assert.Equal((KmsErrorCode.RejectedUnsupportedOperation, "Unsupported operation. The key is of Origin EXTERNAL."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Keys_of_the_service_take_no_material()
    {
        var id = (await (await Kms.CreateKey()).Describe()).KeyId;
        foreach (var call in new Func<Task>[]
        {
            () => Kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048), () => Kms.Import(id).Import([1], [1], null), Kms.Import(id).DeleteMaterial,
        })
        {
            var error = await Assert.ThrowsAsync<KmsException>(call);
            Assert.Equal((KmsErrorCode.UnsupportedOrigin, "This key origin is not valid for this api. The key is of Origin Aliyun_KMS."), (error.Code, error.Message));
        }
        await Refused(KmsErrorCode.KeyNotFound, Kms.Import(Guid.NewGuid()).DeleteMaterial);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_same_material_in_two_keys_opens_no_ciphertext_of_the_other(ProtectionLevel level)
    {
        var (one, two) = (await CreateKey(level), await CreateKey(level));
        var material = RandomNumberGenerator.GetBytes(32);
        await Import(one, material);
        await Import(two, material);
        var blob = (await Kms.Key(one).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        var forged = (await Kms.Key(two).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob[..34];
        await Refused(KmsErrorCode.InvalidParameter, async () => await Kms.Key(two).Decrypt(blob, EncryptionContext.Empty));
        await Refused(KmsErrorCode.InvalidParameter, async () => await Kms.Key(two).Decrypt([.. forged, .. blob[34..]], EncryptionContext.Empty));
    }

    // Only one of them is the first, and only its material stays.
    [Theory, MemberData(nameof(Levels))]
    public async Task Of_imports_at_once_one_wins(ProtectionLevel level)
    {
        var id = await CreateKey(level);
        var parameters = await Kms.Import(id).GetParameters(WrappingAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048);
        var materials = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(32)).ToArray();
        var outcomes = await Task.WhenAll(materials.Select(async material => (material, Error: await Record.ExceptionAsync(() => Import(id, parameters, material)))));
        var winner = Assert.Single(outcomes, outcome => outcome.Error is null).material;
        Assert.All(outcomes.Where(outcome => outcome.Error is not null), outcome => Assert.Equal(KmsErrorCode.InvalidKeyMaterial, Assert.IsType<KmsException>(outcome.Error).Code));
        var blob = (await Kms.Key(id).Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob;
        Assert.Equal(Plaintext, OpenOutside(winner, blob, EncryptionContext.Empty));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Import(id, parameters, winner)));
    }
}

/// <summary>One silo for all tests of a class: making wrapping keys ahead takes seconds.</summary>
public sealed class ImportFixture(TokenFixture token) : IAsyncLifetime
{
    private TestKms? _kms;

    internal TestKms Kms => _kms!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync()
    {
        if (_kms is not null) await _kms.DisposeAsync();
    }
}

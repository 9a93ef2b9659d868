using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

[Collection(TokenTests.Name)]
public sealed class DataKeysTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");
    private static readonly EncryptionContext Old = EncryptionContext.Of([new("old", "1")]);
    private static readonly EncryptionContext New = EncryptionContext.Of([new("new", "2")]);
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory]
    [InlineData(ProtectionLevel.Software, ProtectionLevel.Hsm)]
    [InlineData(ProtectionLevel.Hsm, ProtectionLevel.Software)]
    public async Task A_blob_moves_to_another_key(ProtectionLevel from, ProtectionLevel to)
    {
        var (source, destination) = (await Id(_kms.CreateKey(from)), await Id(_kms.CreateKey(to)));
        var encrypted = await _kms.Key(source).Encrypt(Plaintext, Old);
        var moved = await _kms.DataKeys(source).ReEncrypt(encrypted.CiphertextBlob, Old, destination, New);
        // Told is the version that opened the old blob.
        Assert.Equal(encrypted.KeyVersionId, moved.KeyVersionId);
        Assert.Equal(Plaintext, (await _kms.Key(destination).Decrypt(moved.CiphertextBlob, New)).Plaintext);
        await Bad(async () => await _kms.Key(destination).Decrypt(moved.CiphertextBlob, Old));
        await Bad(async () => await _kms.DataKeys(source).ReEncrypt(encrypted.CiphertextBlob, New, destination, New));
        await Bad(async () => await _kms.DataKeys(Guid.NewGuid()).ReEncrypt(encrypted.CiphertextBlob, Old, destination, New));
        await Refused(KmsErrorCode.KeyNotFound, async () => await _kms.DataKeys(source).ReEncrypt(encrypted.CiphertextBlob, Old, Guid.NewGuid(), New));
        await _kms.Key(destination).Disable();
        await Refused(KmsErrorCode.KeyDisabled, async () => await _kms.DataKeys(source).ReEncrypt(encrypted.CiphertextBlob, Old, destination, New));
        await _kms.Key(destination).Enable();
        await _kms.Key(source).Disable();
        await Refused(KmsErrorCode.KeyDisabled, async () => await _kms.DataKeys(source).ReEncrypt(encrypted.CiphertextBlob, Old, destination, New));
    }

    [Fact]
    public async Task A_public_keys_ciphertext_moves_to_a_symmetric_key()
    {
        var destination = await Id(_kms.CreateKey());
        var source = await _kms.Directory().CreateKey(new(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""));
        var version = (await _kms.Versions(source.KeyId).ListVersions(new(1, 1))).Versions.Single().VersionId;
        var ciphertext = await _kms.Asymmetric(source.KeyId).Encrypt(version, EncryptionAlgorithm.RsaesOaepSha256, [1, 2, 255]);
        var moved = await _kms.DataKeys(source.KeyId).ReEncryptAsymmetric(version, EncryptionAlgorithm.RsaesOaepSha256, ciphertext, destination, New);
        Assert.Equal(version, moved.KeyVersionId);
        Assert.Equal("AQL/", Encoding.ASCII.GetString((await _kms.Key(destination).Decrypt(moved.CiphertextBlob, New)).Plaintext));
        await Bad(async () => await _kms.DataKeys(source.KeyId).ReEncryptAsymmetric(version, EncryptionAlgorithm.RsaesOaepSha1, ciphertext, destination, New));
        // Genuine, but of nothing, and no blob holds nothing.
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(await _kms.Asymmetric(source.KeyId).GetPublicKey(version), out _);
        await Bad(async () => await _kms.DataKeys(source.KeyId).ReEncryptAsymmetric(version, EncryptionAlgorithm.RsaesOaepSha256, rsa.Encrypt([], RSAEncryptionPadding.OaepSHA256), destination, New));
        await Refused(KmsErrorCode.UnsupportedOperation, async () => await _kms.DataKeys(destination).ReEncryptAsymmetric(version, EncryptionAlgorithm.RsaesOaepSha1, ciphertext, destination, New));
        await Refused(KmsErrorCode.UnsupportedOperation, async () => await _kms.DataKeys(source.KeyId).ReEncryptAsymmetric(version, EncryptionAlgorithm.RsaesOaepSha256, ciphertext, source.KeyId, New));
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task A_data_key_is_exported_to_a_public_key(ProtectionLevel level)
    {
        var id = await Id(_kms.CreateKey(level));
        using var rsa = RSA.Create(2048);
        foreach (var (algorithm, padding) in new[] { (EncryptionAlgorithm.RsaesOaepSha256, RSAEncryptionPadding.OaepSHA256), (EncryptionAlgorithm.RsaesOaepSha1, RSAEncryptionPadding.OaepSHA1) })
        {
            var recipient = new WrappingPublicKey(KeySpec.Rsa2048, algorithm, rsa.ExportSubjectPublicKeyInfo());
            var made = await _kms.DataKeys(id).GenerateAndExportDataKey(32, Old, recipient);
            var dataKey = rsa.Decrypt(made.WrappedDataKey, padding);
            Assert.Equal(32, dataKey.Length);
            Assert.Equal(Convert.ToBase64String(dataKey), Encoding.ASCII.GetString((await _kms.Key(id).Decrypt(made.CiphertextBlob, Old)).Plaintext));
            var exported = await _kms.DataKeys(id).ExportDataKey(made.CiphertextBlob, Old, recipient);
            Assert.Equal(dataKey, rsa.Decrypt(exported.WrappedDataKey, padding));
            Assert.Equal(made.KeyVersionId, exported.KeyVersionId);
            await Bad(async () => await _kms.DataKeys(id).ExportDataKey(made.CiphertextBlob, New, recipient));
        }
    }

    [Fact]
    public async Task A_data_key_is_as_long_as_the_algorithm_takes_and_no_longer()
    {
        var id = await Id(_kms.CreateKey());
        using var rsa = RSA.Create(2048);
        var recipient = new WrappingPublicKey(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256, rsa.ExportSubjectPublicKeyInfo());
        Assert.Equal(190, rsa.Decrypt((await _kms.DataKeys(id).GenerateAndExportDataKey(190, Old, recipient)).WrappedDataKey, RSAEncryptionPadding.OaepSHA256).Length);
        await Refused(KmsErrorCode.InvalidParameter, async () => await _kms.DataKeys(id).GenerateAndExportDataKey(191, Old, recipient));
        var tooLong = (await _kms.Key(id).GenerateDataKey(191, Old)).CiphertextBlob;
        var error = await Assert.ThrowsAsync<KmsException>(async () => await _kms.DataKeys(id).ExportDataKey(tooLong, Old, recipient));
        Assert.Equal((KmsErrorCode.InvalidParameter, true), (error.Code, error.Message.Contains("too long", StringComparison.Ordinal)));
        var noDataKey = (await _kms.Key(id).Encrypt(Encoding.UTF8.GetBytes("not Base64!"), Old)).CiphertextBlob;
        await Bad(async () => await _kms.DataKeys(id).ExportDataKey(noDataKey, Old, recipient));
    }

    [Fact]
    public async Task A_recipient_that_is_no_such_key_is_refused()
    {
        var id = await Id(_kms.CreateKey());
        using var rsa = RSA.Create(2048);
        using var longer = RSA.Create(3072);
        var good = rsa.ExportSubjectPublicKeyInfo();
        WrappingPublicKey[] bad =
        [
            new(KeySpec.Rsa3072, EncryptionAlgorithm.RsaesOaepSha256, longer.ExportSubjectPublicKeyInfo()), new(KeySpec.Rsa2048, EncryptionAlgorithm.Sm2Pke, good),
            new(KeySpec.EcSm2, EncryptionAlgorithm.RsaesOaepSha256, good), new(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256, longer.ExportSubjectPublicKeyInfo()),
            new(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256, good[..^1]), new(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256, [.. good, 0]), new(KeySpec.EcSm2, EncryptionAlgorithm.Sm2Pke, good),
        ];
        foreach (var recipient in bad) await Refused(KmsErrorCode.InvalidParameter, async () => await _kms.DataKeys(id).GenerateAndExportDataKey(32, Old, recipient));
    }

    [Fact]
    public async Task Sm4_keys_do_what_aes_keys_do()
    {
        _kms.SignIn();
        var made = await _kms.Directory().CreateKey(new(KeySpec.Sm4, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "", TimeSpan.FromDays(7)));
        var blob = (await _kms.Key(made.KeyId).Encrypt(Plaintext, Old)).CiphertextBlob;
        _kms.Clock.Advance(TimeSpan.FromDays(7));
        await _kms.Sweep();
        _kms.SignIn();
        Assert.Equal(Plaintext, (await _kms.Key(made.KeyId).Decrypt(blob, Old)).Plaintext);
        Assert.NotEqual(made.PrimaryVersion, (await _kms.Key(made.KeyId).GenerateDataKey(32, Old)).KeyVersionId);
        for (var i = 0; i < blob.Length; i++)
        {
            var changed = (byte[])blob.Clone();
            changed[i] ^= 1;
            await Bad(async () => await _kms.Key(made.KeyId).Decrypt(changed, Old));
        }
    }

    private static async Task Bad(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<KmsException>(call);
        Assert.Equal((KmsErrorCode.InvalidParameter, KmsException.BadCiphertext().Message), (error.Code, error.Message));
    }

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    private static async Task<Guid> Id(Task<IKeyGrain> made) => (await (await made).Describe()).KeyId;
}

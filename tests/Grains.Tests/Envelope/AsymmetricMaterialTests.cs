using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Envelope;

[Collection(TokenTests.Name)]
public sealed class AsymmetricMaterialTests(MaterialFixture fixture) : IClassFixture<MaterialFixture>
{
    private readonly byte[] _digest = RandomNumberGenerator.GetBytes(32);

    [Theory, MemberData(nameof(MaterialFixture.Asymmetric), MemberType = typeof(MaterialFixture))]
    public async Task New_material_does_what_its_spec_and_usage_say_and_no_more(KeySpec spec, KeyUsage usage, ProtectionLevel level)
    {
        using var made = await fixture.Make(spec, usage, level);
        PublicKeys.Check(spec, made.PublicKey!, "PublicKey");
        foreach (var algorithm in Enum.GetValues<SigningAlgorithm>()) await Sign(made, algorithm);
        foreach (var algorithm in Enum.GetValues<EncryptionAlgorithm>()) await Decrypt(made, algorithm);
    }

    [Theory, InlineData(KeySpec.Rsa2048, ProtectionLevel.Software), InlineData(KeySpec.Rsa2048, ProtectionLevel.Hsm), InlineData(KeySpec.EcP256, ProtectionLevel.Hsm)]
    [InlineData(KeySpec.EcP256K, ProtectionLevel.Software), InlineData(KeySpec.EcSm2, ProtectionLevel.Software)]
    public async Task Digest_of_another_length_is_refused(KeySpec spec, ProtectionLevel level)
    {
        using var made = await fixture.Make(spec, KeyUsage.SignVerify, level);
        var algorithm = Enum.GetValues<SigningAlgorithm>().First(algorithm => algorithm.Fits(spec));
        foreach (var length in new[] { 0, 20, 31, 33, 64 })
        {
            await AssertFails(KmsException.InvalidParameter("Digest"), async () => await made.PrivateKey.Sign(algorithm, new byte[length]));
            Assert.Equal("Digest", Parameter(Assert.Throws<KmsException>(() => PublicKeys.Verify(spec, made.PublicKey!, algorithm, new byte[length], [1]))));
        }
    }

    [Theory, InlineData(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha1, ProtectionLevel.Software), InlineData(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha1, ProtectionLevel.Hsm)]
    [InlineData(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256, ProtectionLevel.Software), InlineData(KeySpec.EcSm2, EncryptionAlgorithm.Sm2Pke, ProtectionLevel.Software)]
    public async Task Every_bad_ciphertext_gives_the_one_error(KeySpec spec, EncryptionAlgorithm algorithm, ProtectionLevel level)
    {
        using var made = await fixture.Make(spec, KeyUsage.EncryptDecrypt, level);
        using var other = await fixture.Make(spec, KeyUsage.EncryptDecrypt, ProtectionLevel.Software);
        var genuine = PublicKeys.Encrypt(spec, made.PublicKey!, algorithm, [1, 2, 3]);
        List<byte[]> bad =
        [
            [], new byte[1], genuine[..^1], [.. genuine, 0], new byte[genuine.Length], PublicKeys.Encrypt(spec, other.PublicKey!, algorithm, [1, 2, 3]),
            [.. Enumerable.Repeat((byte)0xff, genuine.Length)], [4, .. new byte[genuine.Length - 1]], new byte[97], new byte[98], [4, .. RandomNumberGenerator.GetBytes(6200)],
        ];
        for (var i = 0; i < genuine.Length; i += genuine.Length / 30) bad.Add([.. genuine[..i], (byte)(genuine[i] ^ 1), .. genuine[(i + 1)..]]);
        foreach (var ciphertext in bad) await AssertFails(KmsException.BadCiphertext(), async () => await made.PrivateKey.Decrypt(algorithm, ciphertext));
        Assert.Equal([1, 2, 3], await made.PrivateKey.Decrypt(algorithm, genuine));
    }

    [Fact]
    public async Task Ciphertext_of_the_other_oaep_hash_is_bad()
    {
        using var made = await fixture.Make(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, ProtectionLevel.Hsm);
        var ciphertext = PublicKeys.Encrypt(KeySpec.Rsa2048, made.PublicKey!, EncryptionAlgorithm.RsaesOaepSha256, [1]);
        await AssertFails(KmsException.BadCiphertext(), async () => await made.PrivateKey.Decrypt(EncryptionAlgorithm.RsaesOaepSha1, ciphertext));
    }

    [Fact]
    public async Task What_the_token_lacks_is_told()
    {
        using var made = await fixture.Make(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, ProtectionLevel.Hsm);
        var expected = new KmsException(KmsErrorCode.UnsupportedOperation, "This action is not supported. The token of this service has no RSAES_OAEP_SHA_256.");
        await AssertFails(expected, async () => await made.PrivateKey.Decrypt(EncryptionAlgorithm.RsaesOaepSha256, new byte[256]));
        await AssertFails(
            new(KmsErrorCode.UnsupportedOperation, "This action is not supported. The token of this service has no EC_SM2."),
            () => fixture.Make(KeySpec.EcSm2, KeyUsage.SignVerify, ProtectionLevel.Hsm));
        await AssertFails(
            new(KmsErrorCode.UnsupportedOperation, "This action is not supported. The token of this service has no Aliyun_SM4."),
            () => fixture.Make(KeySpec.Sm4, KeyUsage.EncryptDecrypt, ProtectionLevel.Hsm));
    }

    private async Task Sign(Made made, SigningAlgorithm algorithm)
    {
        var (spec, key) = (made.Place.Spec, made.PrivateKey);
        if (made.Place.Usage != KeyUsage.SignVerify)
        {
            await AssertFails(new(KmsErrorCode.UnsupportedOperation), async () => await key.Sign(algorithm, _digest));
            return;
        }
        if (!algorithm.Fits(spec))
        {
            await AssertFails(KmsException.InvalidParameter("Algorithm"), async () => await key.Sign(algorithm, _digest));
            return;
        }
        var signature = await key.Sign(algorithm, _digest);
        Assert.True(PublicKeys.Verify(spec, made.PublicKey!, algorithm, _digest, signature));
        Assert.False(PublicKeys.Verify(spec, made.PublicKey!, algorithm, RandomNumberGenerator.GetBytes(32), signature));
        foreach (var bad in new byte[][] { [], [0], signature[..^1], [.. signature, 0], new byte[signature.Length], new byte[512] })
        {
            Assert.False(PublicKeys.Verify(spec, made.PublicKey!, algorithm, _digest, bad));
        }
    }

    private async Task Decrypt(Made made, EncryptionAlgorithm algorithm)
    {
        var (spec, key) = (made.Place.Spec, made.PrivateKey);
        if (made.Place.Usage != KeyUsage.EncryptDecrypt)
        {
            await AssertFails(new(KmsErrorCode.UnsupportedOperation), async () => await key.Decrypt(algorithm, _digest));
            return;
        }
        if (!algorithm.Fits(spec))
        {
            await AssertFails(KmsException.InvalidParameter("Algorithm"), async () => await key.Decrypt(algorithm, _digest));
            return;
        }
        if (made.Place.Level == ProtectionLevel.Hsm && !fixture.Token.Offers(spec, algorithm)) return;
        foreach (var length in new[] { 1, 32, algorithm.MaxPlaintextBytes(spec) })
        {
            var plaintext = RandomNumberGenerator.GetBytes(length);
            Assert.Equal(plaintext, await key.Decrypt(algorithm, PublicKeys.Encrypt(spec, made.PublicKey!, algorithm, plaintext)));
        }
    }

    private static async Task AssertFails(KmsException expected, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<KmsException>(call);
        Assert.Equal((expected.Code, expected.Message), (error.Code, error.Message));
    }

    private static string Parameter(KmsException error) => error.Message.Split(' ')[3];
}

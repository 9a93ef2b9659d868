using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Keys;

/// <summary>Asymmetric CMKs through their grains; every result is checked without the service, as far as .NET knows the algorithm.</summary>
[Collection(TokenTests.Name)]
public sealed class AsymmetricKeyTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("a message");
    private static readonly byte[] Digest = SHA256.HashData(Message);
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Theory]
    [InlineData(KeySpec.Rsa2048, ProtectionLevel.Software)]
    [InlineData(KeySpec.Rsa2048, ProtectionLevel.Hsm)]
    [InlineData(KeySpec.Rsa3072, ProtectionLevel.Software)]
    public async Task Rsa_signatures_verify_here_and_elsewhere(KeySpec spec, ProtectionLevel level)
    {
        var (id, version) = await Create(spec, KeyUsage.SignVerify, level);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(await _kms.Asymmetric(id).GetPublicKey(version), out _);
        Assert.Equal(spec.ModulusBytes() * 8, rsa.KeySize);
        foreach (var (algorithm, padding) in new[] { (SigningAlgorithm.RsaPssSha256, RSASignaturePadding.Pss), (SigningAlgorithm.RsaPkcs1Sha256, RSASignaturePadding.Pkcs1) })
        {
            var signature = await _kms.Asymmetric(id).Sign(version, algorithm, Digest);
            Assert.True(rsa.VerifyData(Message, signature, HashAlgorithmName.SHA256, padding));
            await AssertVerifies(id, version, algorithm, signature);
        }
    }

    [Theory]
    [InlineData(KeySpec.EcP256, ProtectionLevel.Software)]
    [InlineData(KeySpec.EcP256, ProtectionLevel.Hsm)]
    [InlineData(KeySpec.EcP256K, ProtectionLevel.Software)]
    [InlineData(KeySpec.EcP256K, ProtectionLevel.Hsm)]
    public async Task Ecdsa_signatures_verify_here_and_elsewhere(KeySpec spec, ProtectionLevel level)
    {
        var (id, version) = await Create(spec, KeyUsage.SignVerify, level);
        using var ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(await _kms.Asymmetric(id).GetPublicKey(version), out _);
        var signature = await _kms.Asymmetric(id).Sign(version, SigningAlgorithm.EcdsaSha256, Digest);
        Assert.True(ec.VerifyData(Message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        await AssertVerifies(id, version, SigningAlgorithm.EcdsaSha256, signature);
    }

    [Fact]
    public async Task Sm2_signs_and_encrypts()
    {
        var (signing, signingVersion) = await Create(KeySpec.EcSm2, KeyUsage.SignVerify, ProtectionLevel.Software);
        await AssertVerifies(signing, signingVersion, SigningAlgorithm.Sm2Dsa, await _kms.Asymmetric(signing).Sign(signingVersion, SigningAlgorithm.Sm2Dsa, Digest));
        var (encrypting, version) = await Create(KeySpec.EcSm2, KeyUsage.EncryptDecrypt, ProtectionLevel.Software);
        await AssertDecrypts(encrypting, version, EncryptionAlgorithm.Sm2Pke, KeySpec.EcSm2);
    }

    [Theory]
    [InlineData(ProtectionLevel.Software, EncryptionAlgorithm.RsaesOaepSha256)]
    [InlineData(ProtectionLevel.Software, EncryptionAlgorithm.RsaesOaepSha1)]
    [InlineData(ProtectionLevel.Hsm, EncryptionAlgorithm.RsaesOaepSha1)]
    public async Task What_the_public_key_encrypts_is_decrypted(ProtectionLevel level, EncryptionAlgorithm algorithm)
    {
        var (id, version) = await Create(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, level);
        await AssertDecrypts(id, version, algorithm, KeySpec.Rsa2048);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(await _kms.Asymmetric(id).GetPublicKey(version), out _);
        var padding = algorithm == EncryptionAlgorithm.RsaesOaepSha1 ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
        Assert.Equal((version, Convert.ToHexString(Message)), await Opened(id, version, algorithm, rsa.Encrypt(Message, padding)));
    }

    [Fact]
    public async Task What_the_token_cannot_do_is_refused_with_its_name()
    {
        foreach (var spec in new[] { KeySpec.EcSm2, KeySpec.Sm4 })
        {
            var error = await Assert.ThrowsAsync<KmsException>(() => Create(spec, spec.DefaultUsage(), ProtectionLevel.Hsm));
            Assert.Equal((KmsErrorCode.UnsupportedOperation, true), (error.Code, error.Message.Contains(spec.ApiName(), StringComparison.Ordinal)));
        }
        var (id, version) = await Create(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, ProtectionLevel.Hsm);
        await Refused(KmsErrorCode.UnsupportedOperation, async () => await _kms.Asymmetric(id).Encrypt(version, EncryptionAlgorithm.RsaesOaepSha256, Message));
        await Refused(KmsErrorCode.UnsupportedOperation, async () => await _kms.Asymmetric(id).Decrypt(version, EncryptionAlgorithm.RsaesOaepSha256, new byte[256]));
    }

    // Who can write the database could otherwise read what is encrypted with a public key of his own.
    [Fact]
    public async Task A_public_key_that_was_exchanged_is_not_used()
    {
        var (id, version) = await Create(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, ProtectionLevel.Software);
        var (other, otherVersion) = await Create(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt, ProtectionLevel.Software);
        await _kms.Asymmetric(other).Encrypt(otherVersion, EncryptionAlgorithm.RsaesOaepSha256, Message);
        await _kms.ExchangePublicKeys(id, other);
        _kms.SignIn();
        await Refused(KmsErrorCode.InternalFailure, async () => await _kms.Asymmetric(id).Encrypt(version, EncryptionAlgorithm.RsaesOaepSha256, Message));
        await Refused(KmsErrorCode.InternalFailure, async () => await _kms.Asymmetric(id).GetPublicKey(version));
    }

    [Theory, InlineData(ProtectionLevel.Software), InlineData(ProtectionLevel.Hsm)]
    public async Task Versions_are_a_week_apart_and_each_has_its_own_key(ProtectionLevel level)
    {
        var (id, first) = await Create(KeySpec.EcP256, KeyUsage.SignVerify, level);
        var signature = await _kms.Asymmetric(id).Sign(first, SigningAlgorithm.EcdsaSha256, Digest);
        _kms.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        _kms.SignIn();
        await Refused(KmsErrorCode.RejectedUnsupportedOperation, _kms.VersionMaker(id).CreateVersion);
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await _kms.VersionMaker(id).CreateVersion();
        Assert.Equal([first, second.VersionId], (await _kms.Versions(id).ListVersions(new(1, 10))).Versions.Select(version => version.VersionId));
        Assert.Equal((Guid.Empty, second.CreatedAt), ((await _kms.Key(id).Describe()).PrimaryVersion, (await _kms.Key(id).Describe()).LastRotatedAt));
        Assert.NotEqual(await _kms.Asymmetric(id).GetPublicKey(first), await _kms.Asymmetric(id).GetPublicKey(second.VersionId));
        Assert.True(await _kms.Asymmetric(id).Verify(first, SigningAlgorithm.EcdsaSha256, Digest, signature));
        Assert.False(await _kms.Asymmetric(id).Verify(second.VersionId, SigningAlgorithm.EcdsaSha256, Digest, signature));
        await Refused(KmsErrorCode.RejectedUnsupportedOperation, () => _kms.Versions(id).UpdateRotationPolicy(TimeSpan.FromDays(7)));
    }

    [Fact]
    public async Task Errors_come_in_the_documented_order()
    {
        var (id, version) = await Create(KeySpec.EcP256, KeyUsage.SignVerify, ProtectionLevel.Software);
        var key = _kms.Asymmetric(id);
        await Refused(KmsErrorCode.KeyNotFound, async () => await _kms.Asymmetric(Guid.NewGuid()).Sign(version, SigningAlgorithm.EcdsaSha256, Digest));
        await Refused(KmsErrorCode.KeyVersionNotFound, async () => await key.Sign(Guid.NewGuid(), SigningAlgorithm.EcdsaSha256, Digest));
        await Refused(KmsErrorCode.RejectedUnsupportedOperation, async () => await key.Encrypt(version, EncryptionAlgorithm.RsaesOaepSha1, Message));
        await Refused(KmsErrorCode.InvalidParameter, async () => await key.Sign(version, SigningAlgorithm.RsaPssSha256, Digest));
        await Refused(KmsErrorCode.InvalidParameter, async () => await key.Sign(version, SigningAlgorithm.EcdsaSha256, Digest[..31]));
        await Refused(KmsErrorCode.UnsupportedOperation, async () => await _kms.Key(id).Encrypt(Message, EncryptionContext.Empty));
        await _kms.Key(id).Disable();
        await Refused(KmsErrorCode.KeyDisabled, async () => await key.Sign(version, SigningAlgorithm.EcdsaSha256, Digest));
        await Refused(KmsErrorCode.KeyDisabled, async () => await key.GetPublicKey(version));
        await Refused(KmsErrorCode.KeyVersionNotFound, async () => await key.GetPublicKey(Guid.NewGuid()));
    }

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    private async Task AssertVerifies(Guid id, Guid version, SigningAlgorithm algorithm, byte[] signature)
    {
        var key = _kms.Asymmetric(id);
        Assert.True(await key.Verify(version, algorithm, Digest, signature));
        Assert.False(await key.Verify(version, algorithm, SHA256.HashData(Digest), signature));
        var changed = (byte[])signature.Clone();
        changed[^1] ^= 1;
        foreach (var bad in new[] { changed, signature[..^1], [.. signature, 0], [], new byte[5000] }) Assert.False(await key.Verify(version, algorithm, Digest, bad));
    }

    private async Task AssertDecrypts(Guid id, Guid version, EncryptionAlgorithm algorithm, KeySpec spec)
    {
        var key = _kms.Asymmetric(id);
        var most = RandomNumberGenerator.GetBytes(algorithm.MaxPlaintextBytes(spec));
        foreach (var plaintext in new[] { most, Message, [0] })
        {
            Assert.Equal((version, Convert.ToHexString(plaintext)), await Opened(id, version, algorithm, await key.Encrypt(version, algorithm, plaintext)));
        }
        await Refused(KmsErrorCode.InvalidParameter, async () => await key.Encrypt(version, algorithm, [.. most, 0]));
        await Refused(KmsErrorCode.InvalidParameter, async () => await key.Encrypt(version, algorithm, []));
        var ciphertext = await key.Encrypt(version, algorithm, Message);
        var changed = (byte[])ciphertext.Clone();
        changed[^1] ^= 1;
        foreach (var bad in new[] { changed, ciphertext[..^1], [.. ciphertext, 0], [], new byte[ciphertext.Length], new byte[7000] })
        {
            var error = await Assert.ThrowsAsync<KmsException>(async () => await key.Decrypt(version, algorithm, bad));
            Assert.Equal((KmsErrorCode.InvalidParameter, KmsException.BadCiphertext().Message), (error.Code, error.Message));
        }
    }

    private async Task<(Guid, string)> Opened(Guid id, Guid version, EncryptionAlgorithm algorithm, byte[] ciphertext)
    {
        var result = await _kms.Asymmetric(id).Decrypt(version, algorithm, ciphertext);
        return (result.KeyVersionId, Convert.ToHexString(result.Plaintext));
    }

    private Task<(Guid Id, Guid Version)> Create(KeySpec spec, KeyUsage usage, ProtectionLevel level)
    {
        _kms.SignIn();
        return Make();

        async Task<(Guid, Guid)> Make()
        {
            var made = await _kms.Directory().CreateKey(new(spec, usage, KeyOrigin.Kms, level, ""));
            return (made.KeyId, (await _kms.Versions(made.KeyId).ListVersions(new(1, 1))).Versions.Single().VersionId);
        }
    }
}

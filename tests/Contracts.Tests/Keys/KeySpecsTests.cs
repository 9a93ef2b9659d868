using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class KeySpecsTests
{
    // Spec, symmetric, may encrypt, may sign, default usage.
    [Theory]
    [InlineData(KeySpec.Aes256, true, true, false, KeyUsage.EncryptDecrypt)]
    [InlineData(KeySpec.Sm4, true, true, false, KeyUsage.EncryptDecrypt)]
    [InlineData(KeySpec.Rsa2048, false, true, true, KeyUsage.EncryptDecrypt)]
    [InlineData(KeySpec.Rsa3072, false, true, true, KeyUsage.EncryptDecrypt)]
    [InlineData(KeySpec.Rsa4096, false, true, true, KeyUsage.EncryptDecrypt)]
    [InlineData(KeySpec.EcP256, false, false, true, KeyUsage.SignVerify)]
    [InlineData(KeySpec.EcP256K, false, false, true, KeyUsage.SignVerify)]
    [InlineData(KeySpec.EcSm2, false, true, true, KeyUsage.EncryptDecrypt)]
    public void What_each_spec_is_for(KeySpec spec, bool symmetric, bool encrypts, bool signs, KeyUsage byDefault) => Assert.Equal(
        (symmetric, encrypts, signs, byDefault),
        (spec.IsSymmetric(), spec.Allows(KeyUsage.EncryptDecrypt), spec.Allows(KeyUsage.SignVerify), spec.DefaultUsage()));

    [Theory]
    [InlineData(EncryptionAlgorithm.RsaesOaepSha256, KeySpec.Rsa2048, 190)]
    [InlineData(EncryptionAlgorithm.RsaesOaepSha1, KeySpec.Rsa2048, 214)]
    [InlineData(EncryptionAlgorithm.RsaesOaepSha256, KeySpec.Rsa3072, 318)]
    [InlineData(EncryptionAlgorithm.RsaesOaepSha1, KeySpec.Rsa3072, 342)]
    [InlineData(EncryptionAlgorithm.RsaesOaepSha256, KeySpec.Rsa4096, 446)]
    [InlineData(EncryptionAlgorithm.Sm2Pke, KeySpec.EcSm2, 6047)]
    public void How_much_one_encryption_takes(EncryptionAlgorithm algorithm, KeySpec spec, int bytes)
    {
        Assert.True(algorithm.Fits(spec));
        Assert.Equal(bytes, algorithm.MaxPlaintextBytes(spec));
    }

    [Theory, InlineData(KeySpec.Aes256, 32), InlineData(KeySpec.Sm4, 16)]
    public void How_long_a_symmetric_key_is(KeySpec spec, int bytes) => Assert.Equal(bytes, spec.SymmetricKeyBytes());

    [Fact]
    public void Each_wrapping_algorithm_goes_with_one_wrapping_key_and_that_with_its_specs()
    {
        foreach (var algorithm in Enum.GetValues<WrappingAlgorithm>())
        {
            Assert.Equal([algorithm == WrappingAlgorithm.Sm2Pke ? KeySpec.EcSm2 : KeySpec.Rsa2048], Enum.GetValues<KeySpec>().Where(spec => algorithm.Fits(spec)));
        }
        Assert.Equal([KeySpec.Rsa2048], Enum.GetValues<KeySpec>().Where(wrapping => KeySpec.Aes256.IsImportedUnder(wrapping)));
        Assert.Equal([KeySpec.Rsa2048, KeySpec.EcSm2], Enum.GetValues<KeySpec>().Where(wrapping => KeySpec.Sm4.IsImportedUnder(wrapping)));
        Assert.DoesNotContain(Enum.GetValues<KeySpec>(), wrapping => KeySpec.Rsa2048.IsImportedUnder(wrapping));
    }

    [Fact]
    public void Each_algorithm_fits_its_own_specs_only()
    {
        var fits = Enum.GetValues<SigningAlgorithm>().ToDictionary(a => a, a => Enum.GetValues<KeySpec>().Where(spec => a.Fits(spec)).ToArray());
        Assert.Equal([KeySpec.Rsa2048, KeySpec.Rsa3072, KeySpec.Rsa4096], fits[SigningAlgorithm.RsaPssSha256]);
        Assert.Equal([KeySpec.Rsa2048, KeySpec.Rsa3072, KeySpec.Rsa4096], fits[SigningAlgorithm.RsaPkcs1Sha256]);
        Assert.Equal([KeySpec.EcP256, KeySpec.EcP256K], fits[SigningAlgorithm.EcdsaSha256]);
        Assert.Equal([KeySpec.EcSm2], fits[SigningAlgorithm.Sm2Dsa]);
    }
}

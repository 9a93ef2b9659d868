using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class TokenCapabilitiesTests(TokenFixture token)
{
    [Fact]
    public void The_probe_finds_what_softhsm_can_do_and_leaves_nothing_behind()
    {
        using var session = token.OpenSession();
        var before = TokenObjects.Count(token.Options, isToken: false);
        var found = session.Capabilities();
        Assert.Equal(before, TokenObjects.Count(token.Options, isToken: false));
        Assert.Equal(
            "Aliyun_AES_256, RSA_2048, RSA_3072, RSA_4096, EC_P256, EC_P256K, RSA_PSS_SHA_256, RSA_PKCS1_SHA_256, ECDSA_SHA_256, RSAES_OAEP_SHA_1, "
            + "import with RSAES_PKCS1_V1_5, import with RSAES_OAEP_SHA_1", found.Offered);
        Assert.Equal("Aliyun_SM4, EC_SM2, SM2DSA, RSAES_OAEP_SHA_256, SM2PKE, import with RSAES_OAEP_SHA_256, import with SM2PKE", found.Missing);
    }

    [Fact]
    public void An_algorithm_counts_only_with_a_spec_that_it_fits_and_that_there_is()
    {
        var found = new TokenCapabilities(
            new HashSet<KeySpec> { KeySpec.Rsa2048, KeySpec.EcP256 }, new HashSet<SigningAlgorithm> { SigningAlgorithm.RsaPssSha256, SigningAlgorithm.EcdsaSha256 },
            new HashSet<EncryptionAlgorithm> { EncryptionAlgorithm.RsaesOaepSha1 }, new HashSet<WrappingAlgorithm>());
        Assert.True(found.Offers(KeySpec.Rsa2048, SigningAlgorithm.RsaPssSha256));
        Assert.True(found.Offers(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha1));
        Assert.True(found.Offers(KeySpec.EcP256, SigningAlgorithm.EcdsaSha256));
        Assert.False(found.Offers(KeySpec.Rsa2048, SigningAlgorithm.RsaPkcs1Sha256));
        Assert.False(found.Offers(KeySpec.Rsa3072, SigningAlgorithm.RsaPssSha256));
        Assert.False(found.Offers(KeySpec.EcP256, SigningAlgorithm.RsaPssSha256));
        Assert.False(found.Offers(KeySpec.EcP256K, SigningAlgorithm.EcdsaSha256));
        Assert.False(found.Offers(KeySpec.EcP256, EncryptionAlgorithm.RsaesOaepSha1));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        var nothing = new TokenCapabilities(new HashSet<KeySpec>(), new HashSet<SigningAlgorithm>(), new HashSet<EncryptionAlgorithm>(), new HashSet<WrappingAlgorithm> { WrappingAlgorithm.RsaesPkcs1V15 });
        AssertLacks("EC_SM2", () => nothing.Require(KeySpec.EcSm2));
        AssertLacks("RSA_PSS_SHA_256", () => nothing.Require(KeySpec.Rsa2048, SigningAlgorithm.RsaPssSha256));
        AssertLacks("RSAES_OAEP_SHA_256", () => nothing.Require(KeySpec.Rsa2048, EncryptionAlgorithm.RsaesOaepSha256));
        AssertLacks("RSAES_OAEP_SHA_256", () => nothing.Require(WrappingAlgorithm.RsaesOaepSha256), " For imports it has RSAES_PKCS1_V1_5.");
        nothing.Require(WrappingAlgorithm.RsaesPkcs1V15);
    }

    private static void AssertLacks(string name, Action require, string more = "")
    {
        var error = Assert.Throws<KmsException>(require);
        Assert.Equal((KmsErrorCode.UnsupportedOperation, $"This action is not supported. The token of this service has no {name}.{more}"), (error.Code, error.Message));
    }
}

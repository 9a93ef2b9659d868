using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Hsm;

[Collection(TokenTests.Name)]
public sealed class KeyPairTests(TokenFixture token) : IDisposable
{
    private readonly TokenSession _session = token.OpenSession();
    private readonly byte[] _digest = RandomNumberGenerator.GetBytes(32);

    [Theory, InlineData(SigningAlgorithm.RsaPssSha256), InlineData(SigningAlgorithm.RsaPkcs1Sha256)]
    public void Rsa_signatures_verify_elsewhere(SigningAlgorithm algorithm)
    {
        var (key, spki) = NewKey(KeySpec.Rsa2048, KeyUsage.SignVerify);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(spki, out var read);
        Assert.Equal((spki.Length, 2048), (read, rsa.KeySize));
        Assert.Equal([1, 0, 1], rsa.ExportParameters(false).Exponent);
        var padding = algorithm == SigningAlgorithm.RsaPssSha256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        Assert.True(rsa.VerifyHash(_digest, _session.Sign(key, algorithm, _digest), HashAlgorithmName.SHA256, padding));
    }

    [Theory, InlineData(KeySpec.EcP256, "1.2.840.10045.3.1.7"), InlineData(KeySpec.EcP256K, "1.3.132.0.10")]
    public void Ecdsa_signatures_verify_elsewhere(KeySpec spec, string curve)
    {
        var (key, spki) = NewKey(spec, KeyUsage.SignVerify);
        using var ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(spki, out _);
        Assert.Equal(curve, ec.ExportParameters(false).Curve.Oid.Value);
        for (var i = 0; i < 300; i++)
        {
            var digest = RandomNumberGenerator.GetBytes(32);
            Assert.True(ec.VerifyHash(digest, _session.Sign(key, SigningAlgorithm.EcdsaSha256, digest), DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    [Fact]
    public void What_was_encrypted_elsewhere_is_decrypted()
    {
        var (key, spki) = NewKey(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(spki, out _);
        Assert.Equal([1, 2], _session.Decrypt(key, EncryptionAlgorithm.RsaesOaepSha1, rsa.Encrypt([1, 2], RSAEncryptionPadding.OaepSHA1)));
        for (var i = 0; i < 20; i++)
        {
            var error = Assert.Throws<KmsException>(() => _session.Decrypt(key, EncryptionAlgorithm.RsaesOaepSha1, RandomNumberGenerator.GetBytes(256)));
            Assert.Equal(KmsException.BadCiphertext().Message, error.Message);
        }
    }

    [Theory, InlineData(KeySpec.Rsa2048, KeyUsage.SignVerify), InlineData(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt), InlineData(KeySpec.EcP256, KeyUsage.SignVerify)]
    [InlineData(KeySpec.EcP256K, KeyUsage.SignVerify)]
    public void Generation_leaves_nothing_in_the_token(KeySpec spec, KeyUsage usage)
    {
        var before = (Count(isToken: true), Count(isToken: false));
        for (var i = 0; i < 3; i++) NewKey(spec, usage);
        Assert.Equal(before, (Count(isToken: true), Count(isToken: false)));
    }

    [Theory, InlineData(KeySpec.Rsa2048, KeyUsage.SignVerify), InlineData(KeySpec.Rsa2048, KeyUsage.EncryptDecrypt), InlineData(KeySpec.EcP256, KeyUsage.SignVerify)]
    public void Private_keys_in_use_cannot_leave_the_token_and_do_one_thing_only(KeySpec spec, KeyUsage usage)
    {
        var (key, _) = NewKey(spec, usage);
        Use(key);
        TokenObjects.Look(token.Options, session =>
        {
            using var isPrivateKey = KeyTemplate.Of(CKA.CKA_CLASS, (ulong)CKO.CKO_PRIVATE_KEY);
            var handle = session.FindAllObjects([isPrivateKey]).Single();
            var values = session.GetAttributeValue(handle, [
                CKA.CKA_TOKEN, CKA.CKA_PRIVATE, CKA.CKA_SENSITIVE, CKA.CKA_EXTRACTABLE, CKA.CKA_SIGN, CKA.CKA_DECRYPT, CKA.CKA_UNWRAP, CKA.CKA_DERIVE, CKA.CKA_SIGN_RECOVER]);
            var signs = usage == KeyUsage.SignVerify;
            Assert.Equal([false, true, true, false, signs, !signs, false, false, false], values.Select(value => value.GetValueAsBool()));
            Assert.True(session.GetAttributeValue(handle, [spec.IsRsa() ? CKA.CKA_PRIVATE_EXPONENT : CKA.CKA_VALUE])[0].CannotBeRead);
            AssertRefused(session, handle, usage);
            return true;
        });
    }

    [Fact]
    public void Altered_private_key_does_not_open()
    {
        var (key, _) = NewKey(KeySpec.EcP256, KeyUsage.SignVerify);
        for (var i = 0; i < key.Wrapped.Bytes.Length; i++)
        {
            var changed = key.Wrapped.Bytes.ToArray();
            changed[i] ^= 1;
            var altered = new HsmKey(Guid.NewGuid(), key.Wrapped with { Bytes = changed }, key.Spec, key.Usage);
            Assert.Throws<InvalidDataException>(() => _session.Sign(altered, SigningAlgorithm.EcdsaSha256, _digest));
        }
        Assert.Equal(0, _session.CachedKeys);
        Use(key);
    }

    [Fact]
    public void A_key_of_one_kind_does_not_open_as_another()
    {
        var secret = new HsmKey(Guid.NewGuid(), _session.GenerateAesKey(), KeySpec.Rsa2048, KeyUsage.SignVerify);
        Assert.Throws<InvalidDataException>(() => _session.Sign(secret, SigningAlgorithm.RsaPssSha256, _digest));
        var (key, _) = NewKey(KeySpec.EcP256, KeyUsage.SignVerify);
        var rsa = new HsmKey(Guid.NewGuid(), key.Wrapped, KeySpec.Rsa2048, KeyUsage.SignVerify);
        Assert.Throws<InvalidDataException>(() => _session.Sign(rsa, SigningAlgorithm.RsaPssSha256, _digest));
        Use(key);
    }

    [Fact]
    public void Forgotten_private_keys_leave_the_token()
    {
        var (key, _) = NewKey(KeySpec.EcP256, KeyUsage.SignVerify);
        var before = Count(isToken: false);
        Use(key);
        Assert.Equal(before + 1, Count(isToken: false));
        Assert.True(_session.Forget(key.KeyVersionId));
        Assert.Equal(before, Count(isToken: false));
    }

    public void Dispose() => _session.Dispose();

    private (HsmKey Key, byte[] Spki) NewKey(KeySpec spec, KeyUsage usage)
    {
        var pair = _session.GenerateKeyPair(spec, usage);
        Assert.DoesNotContain("Bytes =", pair.Wrapped.ToString(), StringComparison.Ordinal);
        return (new(Guid.NewGuid(), pair.Wrapped, spec, usage), pair.PublicKey);
    }

    private void Use(HsmKey key)
    {
        if (key.Usage == KeyUsage.EncryptDecrypt) Assert.Throws<KmsException>(() => _session.Decrypt(key, EncryptionAlgorithm.RsaesOaepSha1, new byte[256]));
        else Assert.NotEmpty(_session.Sign(key, key.Spec.IsRsa() ? SigningAlgorithm.RsaPkcs1Sha256 : SigningAlgorithm.EcdsaSha256, _digest));
    }

    private void AssertRefused(ISession session, IObjectHandle key, KeyUsage usage)
    {
        var error = usage == KeyUsage.SignVerify
            ? Assert.Throws<Pkcs11Exception>(() => PrivateKeyCipher.TryDecrypt(TokenObjects.Module.Cryptoki, session, key, EncryptionAlgorithm.RsaesOaepSha1, new byte[256], () => { }))
            : Assert.Throws<Pkcs11Exception>(() => PrivateKeyCipher.Sign(TokenObjects.Module.Cryptoki, session, key, SigningAlgorithm.RsaPkcs1Sha256, _digest));
        Assert.Equal(CKR.CKR_KEY_FUNCTION_NOT_PERMITTED, error.RV);
        using var plainWrap = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);
        using var rootTemplate = KeyTemplate.FindRootKey(1);
        var root = session.FindAllObjects(rootTemplate.Attributes).Single();
        Assert.Equal(CKR.CKR_KEY_UNEXTRACTABLE, Assert.Throws<Pkcs11Exception>(() => session.WrapKey(plainWrap, root, key)).RV);
    }

    private int Count(bool isToken) => TokenObjects.Count(token.Options, isToken);
}

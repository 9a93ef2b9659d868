using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>NSS softokn as a second module: what of the service works there, and why it is not supported nonetheless. <c>docs/hsm-modules.md</c> tells the same.</summary>
[Collection(TokenTests.Name)]
public sealed class NssTests(TokenFixture softHsm, NssToken nss) : IClassFixture<NssToken>
{
    [Fact]
    public void It_starts_with_a_string_of_its_own_and_refuses_a_root_key_that_may_wrap_by_one_mechanism_only()
    {
        Assert.Equal((CKR.CKR_ARGUMENTS_BAD, CKR.CKR_OK), (nss.WithoutString, nss.WithString));
        using var session = Open(nss.Options);
        Assert.Equal(CKR.CKR_GENERAL_ERROR, Assert.Throws<Pkcs11Exception>(() => MakeRootKey(session, 2, isBound: true)).RV);
    }

    [Fact]
    public void Under_a_weaker_root_key_it_serves_AES_and_RSA()
    {
        var session = OpenWithServiceKey(out var serviceKey);
        using (session)
        {
            // RFC 5649 makes 40 bytes of it.
            Assert.Equal(48, serviceKey.Wrapped.Bytes.Length);
            var (key, iv, plaintext) = (new HsmKey(Guid.NewGuid(), session.GenerateAesKey()), RandomNumberGenerator.GetBytes(12), RandomNumberGenerator.GetBytes(4096));
            var ciphertext = session.Encrypt(key, iv, [1, 2, 3], plaintext);
            Assert.Equal(plaintext, session.Decrypt(key, iv, [1, 2, 3], ciphertext));
            Assert.Empty(session.Decrypt(key, iv, [], session.Encrypt(key, iv, [], [])));
            ciphertext[^1] ^= 1;
            Assert.Equal(KmsErrorCode.InvalidParameter, Assert.Throws<KmsException>(() => session.Decrypt(key, iv, [1, 2, 3], ciphertext)).Code);
            session.Probe();
        }
        var (offered, absent) = ServiceKeySetup.Capabilities(nss.Options, serviceKey);
        Assert.Empty(absent);
        Assert.Equal("Aliyun_AES_256, RSA_2048, RSA_3072, RSA_4096, RSA_PSS_SHA_256, RSA_PKCS1_SHA_256, RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1", offered.Offered);
    }

    [Fact]
    public void It_wraps_what_is_not_extractable_and_SoftHSM_does_not()
    {
        Assert.Equal(48, WrapRootKey(nss.Options).Length);
        Assert.Equal(CKR.CKR_KEY_UNEXTRACTABLE, Assert.Throws<Pkcs11Exception>(() => WrapRootKey(softHsm.Options)).RV);
    }

    // As anybody could who is logged in: the root key under a key that is known.
    private static byte[] WrapRootKey(HsmOptions options)
    {
        using var session = Open(options);
        using var known = TransferKey.Generate();
        using var template = KeyTemplate.TransferKey(known, wraps: true);
        using var wrapping = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);
        using var roots = new RootKeys(session, options.TokenLabel);
        return session.WrapKey(wrapping, session.CreateObject(template.Attributes), roots.TryFind(1) ?? MakeRootKey(session, 1, isBound: false));
    }

    private TokenSession OpenWithServiceKey(out ServiceKey serviceKey)
    {
        using (var session = Open(nss.Options))
        {
            using var roots = new RootKeys(session, nss.Options.TokenLabel);
            _ = roots.TryFind(1) ?? MakeRootKey(session, 1, isBound: false);
        }
        serviceKey = ServiceKeySetup.Open(nss.Options, stored: null);
        return new(Pkcs11Module.Load(nss.Options.ModulePath), nss.Options.Addresses.Single(), serviceKey);
    }

    private static IObjectHandle MakeRootKey(ISession session, int version, bool isBound)
    {
        using var template = KeyTemplate.RootKey(version);
        using var generating = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        return session.GenerateKey(generating, template.Attributes.Where(attribute => isBound || attribute.Type != (ulong)CKA.CKA_ALLOWED_MECHANISMS).ToList());
    }

    private static ISession Open(HsmOptions options) => TokenLogin.Open(Pkcs11Module.Load(options.ModulePath), options.Addresses.Single(), SessionType.ReadWrite);
}

using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Makes key pairs in one session. Nothing of them stays there.</summary>
internal sealed class KeyPairs(Cryptoki token, ISession session, RootKeys roots)
{
    /// <summary>Makes a pair, wraps its private key and proves that this opens again and fits the public key: what is stored cannot be made anew.</summary>
    /// <exception cref="CryptographicException">The token's pair does not fit together.</exception>
    public NewKeyPair Generate(KeySpec spec, KeyUsage usage, int rootKeyVersion)
    {
        using var generating = Mechanism(spec.IsRsa() ? CKM.CKM_RSA_PKCS_KEY_PAIR_GEN : CKM.CKM_EC_KEY_PAIR_GEN);
        using var publicTemplate = PairTemplates.PublicKey(spec, usage);
        using var privateTemplate = PairTemplates.NewPrivateKey(spec);
        session.GenerateKeyPair(generating, publicTemplate.Attributes, privateTemplate.Attributes, out var publicKey, out var privateKey);
        try
        {
            var pair = new NewKeyPair(roots.Wrap(rootKeyVersion, privateKey), PublicKey(spec, publicKey));
            Prove(spec, pair);
            return pair;
        }
        finally
        {
            session.DestroyObject(privateKey);
            session.DestroyObject(publicKey);
        }
    }

    private byte[] PublicKey(KeySpec spec, IObjectHandle key)
    {
        if (!spec.IsRsa())
        {
            var point = session.GetAttributeValue(key, [CKA.CKA_EC_POINT])[0].GetValueAsByteArray();
            using var ec = ECDsa.Create(new ECParameters { Curve = spec.Curve(), Q = EcPoint.Read(point) });
            return ec.ExportSubjectPublicKeyInfo();
        }
        var values = session.GetAttributeValue(key, [CKA.CKA_MODULUS, CKA.CKA_PUBLIC_EXPONENT]);
        using var rsa = RSA.Create(new RSAParameters { Modulus = values[0].GetValueAsByteArray(), Exponent = values[1].GetValueAsByteArray() });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    // By a signature whatever the usage is: which use an unwrapped key is for is said when it is unwrapped.
    private void Prove(KeySpec spec, NewKeyPair pair)
    {
        var algorithm = spec.IsRsa() ? SigningAlgorithm.RsaPkcs1Sha256 : SigningAlgorithm.EcdsaSha256;
        var digest = RandomNumberGenerator.GetBytes(AsymmetricAlgorithms.DigestBytes);
        var key = roots.Unwrap(pair.Wrapped, spec, KeyUsage.SignVerify);
        try
        {
            var signature = PrivateKeyCipher.Sign(token, session, key, algorithm, digest);
            if (!PublicKeyInfo.IsValid(spec, pair.PublicKey) || !PublicKeys.Verify(spec, pair.PublicKey, algorithm, digest, signature)) throw new CryptographicException($"The token made a {spec.ApiName()} pair that does not fit together.");
        }
        finally { session.DestroyObject(key); }
    }

    private static IMechanism Mechanism(CKM type) => Pkcs11Module.Factories.MechanismFactory.Create(type);
}

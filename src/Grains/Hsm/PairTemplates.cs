using Net.Pkcs11Interop.Common;
using Orleans.Kms.Keys;
using static Orleans.Kms.Grains.Hsm.KeyTemplate;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Attributes of the two objects of a key pair. All are objects of a session: none stays in the token.</summary>
internal static class PairTemplates
{
    private static readonly byte[] PublicExponent = [1, 0, 1];

    /// <summary>The public key of a new pair.</summary>
    public static KeyTemplate PublicKey(KeySpec spec, KeyUsage usage)
    {
        var common = new KeyTemplate(
            Of(CKA.CKA_CLASS, (ulong)CKO.CKO_PUBLIC_KEY), Of(CKA.CKA_KEY_TYPE, KeyType(spec)), Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, false),
            Of(CKA.CKA_VERIFY, usage == KeyUsage.SignVerify), Of(CKA.CKA_ENCRYPT, usage == KeyUsage.EncryptDecrypt), Of(CKA.CKA_WRAP, false));
        if (spec.IsRsa()) common.Attributes.AddRange([Of(CKA.CKA_MODULUS_BITS, (ulong)spec.ModulusBytes() * 8), Of(CKA.CKA_PUBLIC_EXPONENT, PublicExponent)]);
        else common.Attributes.Add(Of(CKA.CKA_EC_PARAMS, EcPoint.Parameters(spec)));
        return common;
    }

    /// <summary>The private key of a new pair: extractable only because a key that is not cannot be wrapped; destroyed right after, and never used.</summary>
    public static KeyTemplate NewPrivateKey(KeySpec spec) => PrivateKey(spec, isExtractable: true, signs: false, decrypts: false, unwraps: false);

    /// <summary>A private key in use, which can do one thing only.</summary>
    public static KeyTemplate PrivateKeyInUse(KeySpec spec, KeyUsage usage) =>
        PrivateKey(spec, isExtractable: false, signs: usage == KeyUsage.SignVerify, decrypts: usage == KeyUsage.EncryptDecrypt, unwraps: false);

    /// <summary>The private key of a wrapping key: what is imported comes out inside the token.</summary>
    public static KeyTemplate UnwrappingPrivateKey(KeySpec spec) => PrivateKey(spec, isExtractable: false, signs: false, decrypts: false, unwraps: true);

    private static KeyTemplate PrivateKey(KeySpec spec, bool isExtractable, bool signs, bool decrypts, bool unwraps) => new(
        Of(CKA.CKA_CLASS, (ulong)CKO.CKO_PRIVATE_KEY), Of(CKA.CKA_KEY_TYPE, KeyType(spec)),
        Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_PRIVATE, true), Of(CKA.CKA_SENSITIVE, true), Of(CKA.CKA_EXTRACTABLE, isExtractable),
        Of(CKA.CKA_SIGN, signs), Of(CKA.CKA_DECRYPT, decrypts), Of(CKA.CKA_SIGN_RECOVER, false), Of(CKA.CKA_UNWRAP, unwraps), Of(CKA.CKA_DERIVE, false));

    private static ulong KeyType(KeySpec spec) => (ulong)(spec.IsRsa() ? CKK.CKK_RSA : CKK.CKK_EC);
}

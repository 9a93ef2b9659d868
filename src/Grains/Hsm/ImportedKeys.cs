using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.MechanismParams;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Takes AES keys of users into the token and gives them wrapped under the root key. Nothing of them stays in the session.</summary>
internal sealed class ImportedKeys(Cryptoki token, ISession session, RootKeys roots)
{
    // What AES key wrap with padding makes of 25 to 32 bytes (RFC 5649).
    private const int WrappedBytes = 40;
    private const int KnownBytes = 32;

    /// <summary>Unwraps a key inside the token.</summary>
    /// <param name="wrappingKey">An RSA private key of this session that may unwrap.</param>
    /// <param name="algorithm">An RSA algorithm.</param>
    /// <param name="encrypted">The key, encrypted to it.</param>
    /// <param name="rootKeyVersion">The root key that wraps the result.</param>
    /// <param name="prove">Throws if session or device are out of order.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidKeyMaterial"/>, whatever is wrong with it.</exception>
    public WrappedKey Unwrap(IObjectHandle wrappingKey, WrappingAlgorithm algorithm, byte[] encrypted, int rootKeyVersion, Action prove)
    {
        using var template = KeyTemplate.ImportedMaterial();
        using var parameters = algorithm == WrappingAlgorithm.RsaesPkcs1V15 ? null : OaepParameters(algorithm);
        using var mechanism = parameters is null
            ? Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS)
            : Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS_OAEP, parameters);
        return Wrap(Judged(() => session.UnwrapKey(mechanism, wrappingKey, encrypted, template.Attributes), prove), rootKeyVersion, prove);
    }

    /// <summary>Wraps a key that is known outside the token; 32 bytes.</summary>
    public WrappedKey Wrap(byte[] key, int rootKeyVersion, Action prove)
    {
        using var template = KeyTemplate.KnownMaterial(key);
        return Wrap(session.CreateObject(template.Attributes), rootKeyVersion, prove);
    }

    // SoftHSM takes keys of any length, tells none, and what it wraps comes back longer by a few zeros. No cipher works with a wrong one, and with a longer one another.
    private WrappedKey Wrap(IObjectHandle key, int rootKeyVersion, Action prove)
    {
        var (iv, plaintext) = (GcmCipher.NewIv(), RandomNumberGenerator.GetBytes(KnownBytes));
        WrappedKey wrapped;
        byte[] expected;
        try
        {
            expected = Judged(() => GcmCipher.Encrypt(token, session, key, iv, [], plaintext), prove);
            wrapped = Judged(() => roots.Wrap(rootKeyVersion, key), prove);
        }
        finally { session.DestroyObject(key); }
        if (wrapped.Bytes.Length != WrappedBytes) throw new KmsException(KmsErrorCode.InvalidKeyMaterial);
        var inUse = roots.Unwrap(wrapped);
        try { return GcmCipher.Encrypt(token, session, inUse, iv, [], plaintext).AsSpan().SequenceEqual(expected) ? wrapped : throw new KmsException(KmsErrorCode.InvalidKeyMaterial); }
        finally { session.DestroyObject(inUse); }
    }

    // An ambiguous answer counts when session and device are in order and it is given again.
    private static T Judged<T>(Func<T> call, Action prove)
    {
        for (var isProven = false; ; isProven = true)
        {
            try
            {
                return call();
            }
            catch (Pkcs11Exception e) when (TokenFaults.IsBadMaterial(e.RV) || (isProven && TokenFaults.IsAmbiguous(e.RV)))
            {
                throw new KmsException(KmsErrorCode.InvalidKeyMaterial);
            }
            catch (Pkcs11Exception e) when (TokenFaults.IsAmbiguous(e.RV))
            {
                prove();
            }
        }
    }

    private static ICkRsaPkcsOaepParams OaepParameters(WrappingAlgorithm algorithm)
    {
        var (hash, mask) = algorithm switch
        {
            WrappingAlgorithm.RsaesOaepSha1 => (CKM.CKM_SHA_1, CKG.CKG_MGF1_SHA1),
            WrappingAlgorithm.RsaesOaepSha256 => (CKM.CKM_SHA256, CKG.CKG_MGF1_SHA256),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        return Pkcs11Module.Factories.MechanismParamsFactory.CreateCkRsaPkcsOaepParams((ulong)hash, (ulong)mask, (ulong)CKZ.CKZ_DATA_SPECIFIED, null);
    }
}

using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What a private key does in the token. Digests are given as they are: not every token hashes for ECDSA.</summary>
internal static class PrivateKeyCipher
{
    private const ulong SaltBytes = 32;

    // DigestInfo of SHA-256 (RFC 8017, 9.2, note 1), which CKM_RSA_PKCS wants in front of the digest.
    private static readonly byte[] Sha256Prefix =
        [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    /// <summary>Signs a digest of 32 bytes; ECDSA gives a DER sequence.</summary>
    public static byte[] Sign(ISession session, IObjectHandle key, SigningAlgorithm algorithm, byte[] digest)
    {
        if (digest.Length != AsymmetricAlgorithms.DigestBytes) throw new ArgumentException($"A digest has {AsymmetricAlgorithms.DigestBytes} bytes.", nameof(digest));
        using var parameters = algorithm == SigningAlgorithm.RsaPssSha256 ? PssParameters() : null;
        using var mechanism = algorithm switch
        {
            SigningAlgorithm.RsaPssSha256 => Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS_PSS, parameters),
            SigningAlgorithm.RsaPkcs1Sha256 => Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS),
            SigningAlgorithm.EcdsaSha256 => Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_ECDSA),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        var signature = session.Sign(mechanism, key, algorithm == SigningAlgorithm.RsaPkcs1Sha256 ? [.. Sha256Prefix, .. digest] : digest);
        return algorithm == SigningAlgorithm.EcdsaSha256 ? EcPoint.Signature(signature) : signature;
    }

    /// <summary>The plaintext, or null if the data is not genuine. The interop library leaves one more copy of the plaintext to the garbage collector.</summary>
    /// <param name="session">A session that sees the key.</param>
    /// <param name="key">An RSA private key.</param>
    /// <param name="algorithm">OAEP with one of its hashes.</param>
    /// <param name="ciphertext">As long as the modulus.</param>
    /// <param name="prove">Throws if session or device are out of order.</param>
    public static byte[]? TryDecrypt(ISession session, IObjectHandle key, EncryptionAlgorithm algorithm, byte[] ciphertext, Action prove)
    {
        using var parameters = OaepParameters(algorithm);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS_OAEP, parameters);
        try
        {
            return session.Decrypt(mechanism, key, ciphertext);
        }
        // CKR_DATA_INVALID and CKR_DATA_LEN_RANGE are not for ciphertexts, but some modules use them so.
        catch (Pkcs11Exception e) when (e.RV is CKR.CKR_DATA_INVALID or CKR.CKR_DATA_LEN_RANGE || TokenFaults.IsBadData(e.RV) || TokenFaults.IsAmbiguous(e.RV))
        {
            if (TokenFaults.IsAmbiguous(e.RV)) prove();
            return null;
        }
    }

    private static Net.Pkcs11Interop.HighLevelAPI.MechanismParams.ICkRsaPkcsPssParams PssParameters() =>
        Pkcs11Module.Factories.MechanismParamsFactory.CreateCkRsaPkcsPssParams((ulong)CKM.CKM_SHA256, (ulong)CKG.CKG_MGF1_SHA256, SaltBytes);

    /// <summary>OAEP as the algorithm wants it. To be disposed of.</summary>
    public static Net.Pkcs11Interop.HighLevelAPI.MechanismParams.ICkRsaPkcsOaepParams OaepParameters(EncryptionAlgorithm algorithm)
    {
        var (hash, mask) = algorithm switch
        {
            EncryptionAlgorithm.RsaesOaepSha256 => (CKM.CKM_SHA256, CKG.CKG_MGF1_SHA256),
            EncryptionAlgorithm.RsaesOaepSha1 => (CKM.CKM_SHA_1, CKG.CKG_MGF1_SHA1),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        return Pkcs11Module.Factories.MechanismParamsFactory.CreateCkRsaPkcsOaepParams((ulong)hash, (ulong)mask, (ulong)CKZ.CKZ_DATA_SPECIFIED, null);
    }
}

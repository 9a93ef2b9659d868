using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What a private key does in the token. Digests are given as they are: not every token hashes for ECDSA.</summary>
internal static unsafe class PrivateKeyCipher
{
    // DigestInfo of SHA-256 (RFC 8017, 9.2, note 1), which CKM_RSA_PKCS wants in front of the digest.
    private static readonly byte[] Sha256Prefix =
        [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    // Of RSA_4096; two numbers of a curve are shorter.
    private const int LongestOutput = 512;

    /// <summary>Signs a digest of 32 bytes; ECDSA gives a DER sequence.</summary>
    public static byte[] Sign(Cryptoki token, ISession session, IObjectHandle key, SigningAlgorithm algorithm, byte[] digest)
    {
        if (digest.Length != AsymmetricAlgorithms.DigestBytes) throw new ArgumentException($"A digest has {AsymmetricAlgorithms.DigestBytes} bytes.", nameof(digest));
        var pss = new PssParameters();
        var mechanism = algorithm switch
        {
            SigningAlgorithm.RsaPssSha256 => new Cryptoki.Mechanism(CKM.CKM_RSA_PKCS_PSS, &pss, sizeof(PssParameters)),
            SigningAlgorithm.RsaPkcs1Sha256 => new Cryptoki.Mechanism(CKM.CKM_RSA_PKCS, null, 0),
            SigningAlgorithm.EcdsaSha256 => new Cryptoki.Mechanism(CKM.CKM_ECDSA, null, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        Span<byte> signature = stackalloc byte[LongestOutput];
        signature = signature[..token.Sign(session, key, mechanism, algorithm == SigningAlgorithm.RsaPkcs1Sha256 ? [.. Sha256Prefix, .. digest] : digest, signature)];
        return algorithm == SigningAlgorithm.EcdsaSha256 ? EcPoint.Signature(signature) : signature.ToArray();
    }

    /// <summary>The plaintext, or null if the data is not genuine. No copy of it is left.</summary>
    /// <param name="token">The token's module.</param>
    /// <param name="session">A session that sees the key.</param>
    /// <param name="key">An RSA private key.</param>
    /// <param name="algorithm">OAEP with one of its hashes.</param>
    /// <param name="ciphertext">As long as the modulus.</param>
    /// <param name="prove">Throws if session or device are out of order.</param>
    public static byte[]? TryDecrypt(Cryptoki token, ISession session, IObjectHandle key, EncryptionAlgorithm algorithm, byte[] ciphertext, Action prove)
    {
        try { return Decrypt(token, session, key, algorithm, ciphertext); }
        catch (Pkcs11Exception e) when (MeansBadData(e)) { return null; }
        catch (Pkcs11Exception e) when (IsAmbiguous(e)) { prove(); }
        // Session and device are in order: if this fails again, it is for the data.
        try { return Decrypt(token, session, key, algorithm, ciphertext); }
        catch (Pkcs11Exception e) when (MeansBadData(e) || IsAmbiguous(e)) { return null; }
    }

    private static byte[] Decrypt(Cryptoki token, ISession session, IObjectHandle key, EncryptionAlgorithm algorithm, byte[] ciphertext)
    {
        var oaep = new OaepParameters(algorithm);
        Span<byte> plaintext = stackalloc byte[LongestOutput];
        try
        {
            return plaintext[..token.Decrypt(session, key, new(CKM.CKM_RSA_PKCS_OAEP, &oaep, sizeof(OaepParameters)), ciphertext, plaintext)].ToArray();
        }
        finally { CryptographicOperations.ZeroMemory(plaintext); }
    }

    // CKR_DATA_INVALID and CKR_DATA_LEN_RANGE are not for ciphertexts, but some modules use them so.
    private static bool MeansBadData(Pkcs11Exception e) => e.Method == "C_Decrypt" && (e.RV is CKR.CKR_DATA_INVALID or CKR.CKR_DATA_LEN_RANGE || TokenFaults.IsBadData(e.RV));

    private static bool IsAmbiguous(Pkcs11Exception e) => e.Method == "C_Decrypt" && TokenFaults.IsAmbiguous(e.RV);

    // CK_RSA_PKCS_PSS_PARAMS: SHA-256 throughout, the salt as long as the digest.
    private readonly struct PssParameters()
    {
        private readonly nuint _hash = (nuint)CKM.CKM_SHA256;
        private readonly nuint _mask = (nuint)CKG.CKG_MGF1_SHA256;
        private readonly nuint _saltBytes = AsymmetricAlgorithms.DigestBytes;
    }

    // CK_RSA_PKCS_OAEP_PARAMS with an empty label.
    private readonly struct OaepParameters(EncryptionAlgorithm algorithm)
    {
        private readonly nuint _hash = (nuint)(algorithm == EncryptionAlgorithm.RsaesOaepSha256 ? CKM.CKM_SHA256 : CKM.CKM_SHA_1);
        private readonly nuint _mask = (nuint)(algorithm switch
        {
            EncryptionAlgorithm.RsaesOaepSha256 => CKG.CKG_MGF1_SHA256,
            EncryptionAlgorithm.RsaesOaepSha1 => CKG.CKG_MGF1_SHA1,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        });
        private readonly nuint _source = (nuint)CKZ.CKZ_DATA_SPECIFIED;
        private readonly nint _label;
        private readonly nuint _labelBytes;
    }
}

using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>AES-256-GCM in the token, with IVs of ours: SoftHSM accepts a null IV and then gives the same output twice.</summary>
internal static class GcmCipher
{
    public const int IvBytes = 12;
    public const int TagBytes = 16;

    /// <summary>12 random bytes.</summary>
    public static byte[] NewIv() => RandomNumberGenerator.GetBytes(IvBytes);

    /// <summary>Gives the ciphertext and, behind it, the tag.</summary>
    public static byte[] Encrypt(ISession session, IObjectHandle key, byte[] iv, byte[] aad, byte[] plaintext)
    {
        using var parameters = Parameters(iv, aad);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        return session.Encrypt(mechanism, key, plaintext);
    }

    /// <summary>The plaintext, or null if the data is not genuine. The interop library leaves one more copy of the plaintext to the garbage collector.</summary>
    public static byte[]? TryDecrypt(ISession session, IObjectHandle key, byte[] iv, byte[] aad, byte[] ciphertextAndTag)
    {
        if (ciphertextAndTag.Length < TagBytes) return null;
        using var parameters = Parameters(iv, aad);
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
        try
        {
            return session.Decrypt(mechanism, key, ciphertextAndTag);
        }
        catch (Pkcs11Exception e) when (TokenFaults.IsBadData(e.RV) || TokenFaults.IsAmbiguous(e.RV))
        {
            // Ambiguous: if key, session and device can encrypt, then it was the data. If they cannot, this throws the fault.
            if (TokenFaults.IsAmbiguous(e.RV)) Prove(session, key);
            return null;
        }
    }

    /// <summary>A small encryption that throws unless key, session and device are in order.</summary>
    public static void Prove(ISession session, IObjectHandle key) => Encrypt(session, key, NewIv(), [], [0]);

    private static Net.Pkcs11Interop.HighLevelAPI.MechanismParams.ICkGcmParams Parameters(byte[] iv, byte[] aad)
    {
        if (iv is not { Length: IvBytes }) throw new ArgumentException($"An IV has {IvBytes} bytes.", nameof(iv));
        return Pkcs11Module.Factories.MechanismParamsFactory.CreateCkGcmParams(iv, IvBytes * 8, aad, TagBytes * 8);
    }
}

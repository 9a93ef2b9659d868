using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>AES-256-GCM in the token, with IVs of ours: SoftHSM accepts a null IV and then gives the same output twice.</summary>
internal static unsafe class GcmCipher
{
    public const int IvBytes = 12;
    public const int TagBytes = 16;

    // Data of ordinary size is decrypted on the stack.
    private const int StackBytes = 8192 + TagBytes;

    /// <summary>12 random bytes.</summary>
    public static byte[] NewIv() => RandomNumberGenerator.GetBytes(IvBytes);

    /// <summary>Gives the ciphertext and, behind it, the tag.</summary>
    public static byte[] Encrypt(Cryptoki token, ISession session, IObjectHandle key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext)
    {
        var output = new byte[plaintext.Length + TagBytes];
        Encrypt(token, session, key, iv, aad, plaintext, output);
        return output;
    }

    /// <summary>Writes the ciphertext and, behind it, the tag.</summary>
    public static void Encrypt(Cryptoki token, ISession session, IObjectHandle key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        CheckIv(iv);
        fixed (byte* ivAt = iv, aadAt = aad)
        {
            var parameters = new Parameters(ivAt, aadAt, aad.Length);
            var length = token.Encrypt(session, key, new(CKM.CKM_AES_GCM, &parameters, sizeof(Parameters)), plaintext, output);
            if (length != output.Length) throw new Pkcs11Exception("C_Encrypt", CKR.CKR_DEVICE_ERROR);
        }
    }

    /// <summary>The plaintext, or null if the data is not genuine. No copy of it is left.</summary>
    public static byte[]? TryDecrypt(Cryptoki token, ISession session, IObjectHandle key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertextAndTag)
    {
        CheckIv(iv);
        if (ciphertextAndTag.Length < TagBytes) return null;
        try { return Decrypt(token, session, key, iv, aad, ciphertextAndTag); }
        catch (Pkcs11Exception e) when (MeansBadData(e)) { return null; }
        // If key, session and device can decrypt other data, and then still not this, it was the data. If they cannot, this throws the fault.
        catch (Pkcs11Exception e) when (IsAmbiguous(e)) { Prove(token, session, key); }
        try { return Decrypt(token, session, key, iv, aad, ciphertextAndTag); }
        catch (Pkcs11Exception e) when (MeansBadData(e) || IsAmbiguous(e)) { return null; }
    }

    /// <summary>Encrypts and decrypts a little: throws unless key, session and device are in order.</summary>
    public static void Prove(Cryptoki token, ISession session, IObjectHandle key)
    {
        Span<byte> iv = stackalloc byte[IvBytes], plaintext = [1, 2, 3], ciphertext = stackalloc byte[plaintext.Length + TagBytes];
        RandomNumberGenerator.Fill(iv);
        Encrypt(token, session, key, iv, [], plaintext, ciphertext);
        if (!Decrypt(token, session, key, iv, [], ciphertext).AsSpan().SequenceEqual(plaintext)) throw new Pkcs11Exception("C_Decrypt", CKR.CKR_DEVICE_ERROR);
    }

    [SkipLocalsInit]
    private static byte[] Decrypt(Cryptoki token, ISession session, IObjectHandle key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertextAndTag)
    {
        // SoftHSM wants room for the tag, too.
        var room = ciphertextAndTag.Length <= StackBytes ? stackalloc byte[ciphertextAndTag.Length] : GC.AllocateUninitializedArray<byte>(ciphertextAndTag.Length, pinned: true);
        fixed (byte* ivAt = iv, aadAt = aad)
        {
            var parameters = new Parameters(ivAt, aadAt, aad.Length);
            try
            {
                var length = token.Decrypt(session, key, new(CKM.CKM_AES_GCM, &parameters, sizeof(Parameters)), ciphertextAndTag, room);
                if (length != ciphertextAndTag.Length - TagBytes) throw new Pkcs11Exception("C_Decrypt", CKR.CKR_DEVICE_ERROR);
                return room[..length].ToArray();
            }
            finally { CryptographicOperations.ZeroMemory(room); }
        }
    }

    // Only the call that gets the data can tell about it.
    private static bool MeansBadData(Pkcs11Exception e) => e.Method == "C_Decrypt" && TokenFaults.IsBadData(e.RV);

    private static bool IsAmbiguous(Pkcs11Exception e) => e.Method == "C_Decrypt" && TokenFaults.IsAmbiguous(e.RV);

    private static void CheckIv(ReadOnlySpan<byte> iv)
    {
        if (iv.Length != IvBytes) throw new ArgumentException($"An IV has {IvBytes} bytes.", nameof(iv));
    }

    // CK_GCM_PARAMS of PKCS#11 2.40 with its errata.
    private readonly struct Parameters(byte* iv, byte* aad, int aadLength)
    {
        private readonly byte* _iv = iv;
        private readonly nuint _ivBytes = IvBytes;
        private readonly nuint _ivBits = IvBytes * 8;
        private readonly byte* _aad = aad;
        private readonly nuint _aadBytes = (nuint)aadLength;
        private readonly nuint _tagBits = TagBytes * 8;
    }
}

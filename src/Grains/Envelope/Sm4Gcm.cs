using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Orleans.Kms.Keys;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>SM4 (GB/T 32907) in GCM mode as RFC 8998 has it: 12 bytes of IV, 16 bytes of tag.</summary>
internal static class Sm4Gcm
{
    /// <summary>The length of a key.</summary>
    public const int KeyBytes = 16;

    /// <summary>Writes ciphertext, then tag, to <paramref name="destination"/>.</summary>
    public static void Encrypt(KeyParameter key, ReadOnlySpan<byte> iv, byte[] aad, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        var cipher = Cipher(forEncryption: true, key, iv, aad);
        var written = cipher.ProcessBytes(plaintext, destination);
        cipher.DoFinal(destination[written..]);
    }

    /// <summary>The plaintext, or null if the data is not genuine.</summary>
    public static byte[]? TryDecrypt(KeyParameter key, ReadOnlySpan<byte> iv, byte[] aad, ReadOnlySpan<byte> ciphertextAndTag)
    {
        if (ciphertextAndTag.Length < CiphertextBlob.TagLength) return null;
        var cipher = Cipher(forEncryption: false, key, iv, aad);
        var plaintext = new byte[ciphertextAndTag.Length - CiphertextBlob.TagLength];
        try
        {
            var written = cipher.ProcessBytes(ciphertextAndTag, plaintext);
            cipher.DoFinal(plaintext.AsSpan(written));
            return plaintext;
        }
        catch (InvalidCipherTextException)
        {
            // Plaintext comes out before the tag is looked at: nobody may see it.
            CryptographicOperations.ZeroMemory(plaintext);
            return null;
        }
    }

    private static GcmBlockCipher Cipher(bool forEncryption, KeyParameter key, ReadOnlySpan<byte> iv, byte[] aad)
    {
        var cipher = new GcmBlockCipher(new SM4Engine());
        cipher.Init(forEncryption, new AeadParameters(key, CiphertextBlob.TagLength * 8, iv.ToArray(), aad));
        return cipher;
    }
}

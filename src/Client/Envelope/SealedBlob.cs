using System.Buffers.Binary;
using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Envelope;

/// <summary>
/// The layout of what <see cref="EnvelopeEncryption"/> seals, format 1. It is stored, so it lives for ever.
/// <code>
/// offset  bytes
///      0      1  format, 1
///      1      2  n, the length of the encrypted data key, big-endian
///      3      n  the encrypted data key, a <see cref="CiphertextBlob"/>
///    3+n     12  nonce
///   15+n      m  ciphertext, AES-256-GCM, as long as the plaintext
/// 15+n+m     16  tag
/// </code>
/// The first 15+n bytes and the canonical encryption context are the additional authenticated data, in this order.
/// </summary>
internal static class SealedBlob
{
    public const int TagLength = 16;

    private const byte Format = 1;
    private const int EncryptedKeyOffset = 3;
    private const int NonceLength = 12;

    /// <summary>Seals <paramref name="plaintext"/> with a nonce of its own.</summary>
    public static byte[] Seal(DataKey key, ReadOnlySpan<byte> plaintext, EncryptionContext context)
    {
        var headerLength = EncryptedKeyOffset + key.Encrypted.Length + NonceLength;
        var blob = new byte[headerLength + plaintext.Length + TagLength];
        blob[0] = Format;
        BinaryPrimitives.WriteUInt16BigEndian(blob.AsSpan(1), checked((ushort)key.Encrypted.Length));
        key.Encrypted.CopyTo(blob, EncryptedKeyOffset);
        var nonce = blob.AsSpan(headerLength - NonceLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = key.Cipher();
        cipher.Encrypt(nonce, plaintext, blob.AsSpan(headerLength, plaintext.Length), blob.AsSpan(^TagLength..), Authenticated(blob.AsSpan(..headerLength), context));
        return blob;
    }

    /// <summary>The encrypted data key of a blob.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>: it has not the form of a blob.</exception>
    public static byte[] EncryptedKey(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < EncryptedKeyOffset || blob[0] != Format) throw KmsException.BadCiphertext();
        var length = BinaryPrimitives.ReadUInt16BigEndian(blob[1..]);
        if (length > CiphertextBlob.MaxLength || blob.Length < EncryptedKeyOffset + length + NonceLength + TagLength) throw KmsException.BadCiphertext();
        return blob.Slice(EncryptedKeyOffset, length).ToArray();
    }

    /// <summary>Opens a blob of that data key.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>: a bit of it was changed, or the context is another one.</exception>
    public static byte[] Open(DataKey key, ReadOnlySpan<byte> blob, EncryptionContext context)
    {
        var headerLength = EncryptedKeyOffset + key.Encrypted.Length + NonceLength;
        var plaintext = new byte[blob.Length - headerLength - TagLength];
        using var cipher = key.Cipher();
        try
        {
            cipher.Decrypt(blob[(headerLength - NonceLength)..headerLength], blob[headerLength..^TagLength], blob[^TagLength..], plaintext, Authenticated(blob[..headerLength], context));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException) { throw KmsException.BadCiphertext(); }
    }

    private static byte[] Authenticated(ReadOnlySpan<byte> header, EncryptionContext context)
    {
        var data = new byte[header.Length + context.CanonicalLength];
        header.CopyTo(data);
        context.WriteCanonical(data.AsSpan(header.Length));
        return data;
    }
}

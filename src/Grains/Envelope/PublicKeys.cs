using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// What is done with public keys, ours and callers'; no token is needed. Keys are SubjectPublicKeyInfo in DER, and those that did not come out of
/// <see cref="StoredMaterial.Generate"/> pass <see cref="Check"/> first.
/// </summary>
internal static class PublicKeys
{
    /// <summary>Encrypts 1 to <see cref="AsymmetricAlgorithms.MaxPlaintextBytes"/> bytes.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: Algorithm or Plaintext.</exception>
    public static byte[] Encrypt(KeySpec spec, byte[] spki, EncryptionAlgorithm algorithm, byte[] plaintext)
    {
        if (!algorithm.Fits(spec)) throw KmsException.InvalidParameter("Algorithm");
        if (plaintext.Length == 0 || plaintext.Length > algorithm.MaxPlaintextBytes(spec)) throw KmsException.InvalidParameter("Plaintext");
        if (algorithm == EncryptionAlgorithm.Sm2Pke) return Sm2.Encrypt(Sm2Key(spki), plaintext);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(spki, out _);
        return rsa.Encrypt(plaintext, algorithm.Padding());
    }

    /// <summary>Whether <paramref name="signature"/> is that of a digest of 32 bytes. What is no signature at all is not one either.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: Algorithm or Digest.</exception>
    public static bool Verify(KeySpec spec, byte[] spki, SigningAlgorithm algorithm, byte[] digest, byte[] signature)
    {
        if (!algorithm.Fits(spec)) throw KmsException.InvalidParameter("Algorithm");
        if (digest.Length != AsymmetricAlgorithms.DigestBytes) throw KmsException.InvalidParameter("Digest");
        if (algorithm == SigningAlgorithm.Sm2Dsa) return Sm2.Verify(Sm2Key(spki), digest, signature);
        return algorithm == SigningAlgorithm.EcdsaSha256 ? VerifyEcdsa(spki, digest, signature) : VerifyRsa(spki, algorithm, digest, signature);
    }

    /// <summary>Fails unless <paramref name="spki"/> is a valid public key of exactly that spec.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/> naming <paramref name="parameter"/>.</exception>
    public static void Check(KeySpec spec, byte[] spki, string parameter)
    {
        if (!PublicKeyInfo.IsValid(spec, spki)) throw KmsException.InvalidParameter(parameter);
    }

    private static bool VerifyRsa(byte[] spki, SigningAlgorithm algorithm, byte[] digest, byte[] signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(spki, out _);
        return signature.Length == rsa.KeySize / 8 && rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, algorithm.Padding());
    }

    private static bool VerifyEcdsa(byte[] spki, byte[] digest, byte[] signature)
    {
        using var ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(spki, out _);
        return IsOfPositiveNumbers(signature) && ec.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    // .NET reads a number without its leading zero, which DER makes a negative one, as if it were positive: a signature would have several forms.
    private static bool IsOfPositiveNumbers(byte[] signature)
    {
        try
        {
            var reader = new AsnReader(signature, AsnEncodingRules.DER);
            var numbers = reader.ReadSequence();
            return numbers.ReadInteger().Sign > 0 && numbers.ReadInteger().Sign > 0;
        }
        catch (AsnContentException) { return false; }
    }

    private static ECPublicKeyParameters Sm2Key(byte[] spki) => new(Sm2.Curve.Curve.DecodePoint(PublicKeyInfo.Point(KeySpec.EcSm2, spki)), Sm2.Curve);
}

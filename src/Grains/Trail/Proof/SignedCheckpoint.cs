using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>A checkpoint as it is kept.</summary>
/// <param name="Body">See <see cref="TrailCheckpoint.ToBytes"/>.</param>
/// <param name="Signature">ECDSA over SHA-256 of the body: r and s, 32 bytes each.</param>
internal sealed record SignedCheckpoint(byte[] Body, byte[] Signature)
{
    /// <summary>How many bytes a signature has.</summary>
    public const int SignatureLength = 64;

    /// <summary>What the next checkpoint of the chain refers to.</summary>
    public byte[] Hash => SHA256.HashData(Body);

    /// <summary>Body and signature.</summary>
    public byte[] ToBytes() => [.. Body, .. Signature];

    /// <summary>Undoes <see cref="ToBytes"/>; null if it is something else.</summary>
    public static SignedCheckpoint? Read(ReadOnlySpan<byte> bytes) => bytes.Length == TrailCheckpoint.Length + SignatureLength
        ? new(bytes[..TrailCheckpoint.Length].ToArray(), bytes[TrailCheckpoint.Length..].ToArray())
        : null;

    /// <summary>Whether the holder of that key signed it.</summary>
    /// <param name="publicKey">SubjectPublicKeyInfo of a P-256 key, in DER.</param>
    public bool IsSignedBy(byte[] publicKey)
    {
        using var key = ECDsa.Create();
        // What somebody put into the database in place of a key.
        try { key.ImportSubjectPublicKeyInfo(publicKey, out _); }
        catch (CryptographicException) { return false; }
        return key.KeySize == 256 && key.VerifyData(Body, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}

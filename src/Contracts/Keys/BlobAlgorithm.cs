namespace Orleans.Kms.Keys;

/// <summary>What a ciphertext blob is sealed with, as its second byte says. Append only: blobs are kept for years.</summary>
public enum BlobAlgorithm
{
    /// <summary>AES-256 in GCM mode.</summary>
    Aes256Gcm = 1,
    /// <summary>SM4 (GB/T 32907) in GCM mode, as in RFC 8998.</summary>
    Sm4Gcm = 2,
}

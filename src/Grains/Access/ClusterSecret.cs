using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// 32 random bytes that the silos of one cluster share. Stored sealed under the service key; in memory while the silo runs. Only keys derived from it are used.
/// </summary>
internal sealed class ClusterSecret(byte[] secret)
{
    /// <summary>The length of the secret.</summary>
    public const int Length = 32;

    /// <summary>A key of 32 bytes for one purpose (HKDF-SHA256).</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes("kms/1/" + purpose));
}

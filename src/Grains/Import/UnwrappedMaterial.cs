using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Import;

/// <summary>Imported material, not stored yet. Wiped when disposed of.</summary>
/// <param name="content">What goes inside the seal of stored material: the key itself (SOFTWARE), or wrapped under the root key (HSM).</param>
/// <param name="isOutsideHsm">Whether material of level HSM was in this silo's memory.</param>
internal sealed class UnwrappedMaterial(byte[] content, bool isOutsideHsm) : IDisposable
{
    /// <summary>Stays with this object.</summary>
    public byte[] Content => content;

    public bool IsOutsideHsm => isOutsideHsm;

    /// <summary>A copy that the receiver wipes.</summary>
    public byte[] Copy() => [.. content];

    public void Dispose() => CryptographicOperations.ZeroMemory(content);
}

namespace Orleans.Kms.Grains.Sealing;

/// <summary>
/// Seals under the service key, wherever that is: AES-256-GCM, bound to a place. Sealed bytes are an IV of 12 bytes, the ciphertext and a tag of 16 bytes.
/// The caller must not change an argument before the call has ended, and owns and wipes the result.
/// </summary>
internal abstract class ServiceSeal
{
    /// <summary>Seals <paramref name="plaintext"/>, which opens with the same <paramref name="place"/> only.</summary>
    /// <param name="affinity">Spreads the work: what belongs together, a key version for instance, has one.</param>
    /// <param name="place">What the bytes are bound to.</param>
    /// <param name="plaintext">Not changed, not kept.</param>
    public abstract ValueTask<byte[]> Seal(Guid affinity, byte[] place, byte[] plaintext);

    /// <summary>Undoes <see cref="Seal"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes, or what they are bound to, are not those that were sealed.</exception>
    public abstract ValueTask<byte[]> Open(Guid affinity, byte[] place, byte[] sealedBytes);
}

namespace Orleans.Kms.Grains.Envelope;

/// <summary>Key material that was just made.</summary>
/// <param name="Stored">Its stored form, see <see cref="StoredMaterial"/>.</param>
/// <param name="PublicKey">The public key as SubjectPublicKeyInfo in DER; null for a symmetric spec.</param>
/// <param name="StoredPublicKey">Its stored form, likewise.</param>
internal sealed record NewMaterial(byte[] Stored, byte[]? PublicKey, byte[]? StoredPublicKey)
{
    /// <summary>The type only: no key bytes, not even sealed ones, belong in a log.</summary>
    public override string ToString() => nameof(NewMaterial);
}

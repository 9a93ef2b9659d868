namespace Orleans.Kms.Grains.Hsm;

/// <summary>A secret or private key that only the token can open. Safe to store.</summary>
/// <param name="RootKeyVersion">The root key that wraps it.</param>
/// <param name="Bytes">The key under CKM_AES_KEY_WRAP_PAD: 40 bytes for AES-256; a private key is PKCS#8 inside.</param>
[GenerateSerializer, Immutable, Alias("kms.wrapped-key")]
internal sealed record WrappedKey([property: Id(0)] int RootKeyVersion, [property: Id(1)] byte[] Bytes)
{
    /// <summary>The type and version only: no key bytes, not even wrapped ones, belong in a log.</summary>
    public override string ToString() => $"{nameof(WrappedKey)} under root key {RootKeyVersion}";
}

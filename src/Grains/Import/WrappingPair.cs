namespace Orleans.Kms.Grains.Import;

/// <summary>A wrapping key: the user encrypts material to it, and it is opened with the private key.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo in DER.</param>
/// <param name="PrivateKey">PKCS#8 in DER, or of a pair in the token what <see cref="Envelope.StoredMaterial.Content"/> gives. The receiver wipes it.</param>
internal sealed record WrappingPair(byte[] PublicKey, byte[] PrivateKey)
{
    /// <summary>The type only: a record would print the private key's property.</summary>
    public override string ToString() => nameof(WrappingPair);
}

/// <summary>Where a wrapping key's private key is in clear, and so the material that is imported with it. Append only: import tokens carry it.</summary>
internal enum UnwrappingPlace : byte
{
    /// <summary>In the memory of a silo.</summary>
    Memory = 0,
    /// <summary>Inside the PKCS#11 token only.</summary>
    Token = 1,
}

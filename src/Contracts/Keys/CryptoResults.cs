namespace Orleans.Kms.Keys;

/// <summary>A ciphertext and the key version that made it.</summary>
/// <param name="KeyVersionId">The version that encrypted.</param>
/// <param name="CiphertextBlob">See <see cref="Keys.CiphertextBlob"/>.</param>
[GenerateSerializer, Immutable, Alias("kms.encrypt-result")]
public sealed record EncryptResult([property: Id(0)] Guid KeyVersionId, [property: Id(1)] byte[] CiphertextBlob);

/// <summary>A plaintext and the key version that opened it. The receiver owns the bytes and wipes them.</summary>
/// <param name="KeyVersionId">The version that decrypted.</param>
/// <param name="Plaintext">Never logged.</param>
[GenerateSerializer, Immutable, Alias("kms.decrypt-result")]
public sealed record DecryptResult([property: Id(0)] Guid KeyVersionId, [property: Id(1)] byte[] Plaintext)
{
    /// <summary>The type only: a record would print the plaintext's property.</summary>
    public override string ToString() => nameof(DecryptResult);
}

/// <summary>A new data key, in clear and encrypted. The receiver owns the bytes and wipes them.</summary>
/// <param name="KeyVersionId">The version that encrypted.</param>
/// <param name="Plaintext">Base64 text of the data key, as ASCII bytes: what the blob decrypts to. Never logged.</param>
/// <param name="CiphertextBlob">The data key's Base64 text, encrypted.</param>
[GenerateSerializer, Immutable, Alias("kms.data-key-result")]
public sealed record DataKeyResult(
    [property: Id(0)] Guid KeyVersionId, [property: Id(1)] byte[] Plaintext, [property: Id(2)] byte[] CiphertextBlob)
{
    /// <summary>The type only: a record would print the plaintext's property.</summary>
    public override string ToString() => nameof(DataKeyResult);
}

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What the token gave: the receiver owns the bytes, and wipes them if they are a plaintext. As a bare array they would be copied on their way, and copies are wiped by nobody.</summary>
/// <param name="Bytes">Never logged.</param>
[GenerateSerializer, Immutable, Alias("kms.token-bytes")]
internal sealed record TokenBytes([property: Id(0)] byte[] Bytes)
{
    /// <summary>The type only: a record would print its property.</summary>
    public override string ToString() => nameof(TokenBytes);
}

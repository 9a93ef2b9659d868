namespace Orleans.Kms.Grains.Hsm;

/// <summary>A key wrapped under a root key (AES key wrap with padding, RFC 5649): the only form in which it leaves the token.</summary>
/// <param name="RootKeyVersion">The version of the root key, from 1.</param>
/// <param name="Bytes">40 bytes for a 256-bit key.</param>
[GenerateSerializer, Immutable, Alias("kms.wrapped-key")]
internal sealed record WrappedKey([property: Id(0)] int RootKeyVersion, [property: Id(1)] byte[] Bytes)
{
    public override string ToString() => $"{nameof(WrappedKey)} under root key {RootKeyVersion}";
}

/// <summary>A key to work with in the token.</summary>
/// <param name="KeyVersionId">Names it in the handle cache.</param>
/// <param name="Wrapped">Its material.</param>
[GenerateSerializer, Immutable, Alias("kms.hsm-key")]
internal sealed record HsmKey([property: Id(0)] Guid KeyVersionId, [property: Id(1)] WrappedKey Wrapped);

/// <summary>The service key: seals stored material and secrets. It is unwrapped in the token only.</summary>
/// <param name="Wrapped">As the database has it.</param>
internal sealed record ServiceKey(WrappedKey Wrapped);

namespace Orleans.Kms.Client.GrainStorage;

/// <summary>What <see cref="EncryptedGrainStorage"/> gives to the storage behind it in place of a grain's state. Public only because storages make and serialize it, some by its name, so that stays.</summary>
[GenerateSerializer, Alias("kms.client.sealed-state")]
public sealed class SealedState
{
    /// <summary>The grain's state, sealed.</summary>
    [Id(0)]
    public byte[]? Blob { get; set; }
}

using Orleans.Storage;

namespace Orleans.Kms.Client.GrainStorage;

/// <summary>
/// For the storage behind encrypted grain storage: stores the sealed bytes as they are. Without it that storage's own serializer makes Base64 of them, and reads what others
/// may have written, type names included, before it is known to be genuine.
/// </summary>
public sealed class SealedStateSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The state is not sealed: a grain uses the storage behind directly.</exception>
    public BinaryData Serialize<T>(T? input) => input is SealedState { Blob: { } blob } ? new(blob) : throw NotSealed();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The state is not sealed: a grain uses the storage behind directly.</exception>
    public T Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SealedState { Blob = input.ToArray() } is T state ? state : throw NotSealed();
    }

    private static InvalidOperationException NotSealed() => new($"{nameof(SealedStateSerializer)} is for a storage that only encrypted grain storage uses.");
}

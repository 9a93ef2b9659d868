using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Orleans.Kms.Client.GrainStorage;

/// <summary>
/// Grain storage in front of another one, which gets every state sealed and bound to service, grain type, grain key and state name. A state that was changed, or put into another
/// grain's place, fails with <see cref="KmsException.BadCiphertext"/>, and so does one that was never sealed.
/// </summary>
internal sealed class EncryptedGrainStorage(
    IGrainStorage inner, IGrainStorageSerializer serializer, EnvelopeEncryption envelope, IActivatorProvider activators, string serviceId) : IGrainStorage, IDisposable
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var stored = Stored(grainState);
        await inner.ReadStateAsync(stateName, grainId, stored, cancellationToken);
        var state = stored.RecordExists ? await Open<T>(stored, stateName, grainId, cancellationToken) : New<T>();
        (grainState.State, grainState.ETag, grainState.RecordExists) = (state, stored.ETag, stored.RecordExists);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var stored = Stored(grainState);
        // Serialized before anything is waited for: a reentrant grain may change its state meanwhile.
        var plaintext = serializer.Serialize(grainState.State);
        stored.State = new() { Blob = await envelope.Seal(plaintext.ToMemory(), Place(stateName, grainId), cancellationToken) };
        await inner.WriteStateAsync(stateName, grainId, stored, cancellationToken);
        (grainState.ETag, grainState.RecordExists) = (stored.ETag, stored.RecordExists);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var stored = Stored(grainState);
        await inner.ClearStateAsync(stateName, grainId, stored, cancellationToken);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (New<T>(), stored.ETag, stored.RecordExists);
    }

    public void Dispose() => envelope.Dispose();

    private async Task<T?> Open<T>(GrainState<SealedState> stored, string stateName, GrainId grainId, CancellationToken cancellationToken)
    {
        if (stored.State?.Blob is not { } blob) throw KmsException.BadCiphertext();
        return serializer.Deserialize<T>(new BinaryData(await envelope.Open(blob, Place(stateName, grainId), cancellationToken)));
    }

    // Keys of grains are bytes, not always text.
    private EncryptionContext Place(string stateName, GrainId grainId) => EncryptionContext.Of(
    [
        new("service", serviceId), new("grain-type", grainId.Type.ToString()!), new("grain-key", Convert.ToBase64String(grainId.Key.AsSpan())), new("state", stateName),
    ]);

    private static GrainState<SealedState> Stored<T>(IGrainState<T> grainState) => new() { State = new(), ETag = grainState.ETag, RecordExists = grainState.RecordExists };

    private T New<T>() => activators.GetActivator<T>().Create();
}

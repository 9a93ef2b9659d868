using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Storage;

namespace Orleans.Kms.Client.Tests;

/// <summary>Grain storage in memory that keeps serialized rows, as a database does, for tests to look at and to exchange.</summary>
internal sealed class RowStorage(IGrainStorageSerializer serializer) : IGrainStorage
{
    public ConcurrentDictionary<string, (byte[] Payload, int Version)> Rows { get; } = new();

    public static string Name(string stateName, GrainId grainId) => $"{grainId}/{stateName}";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = Rows.TryGetValue(Name(stateName, grainId), out var row);
        grainState.ETag = grainState.RecordExists ? row.Version.ToString(CultureInfo.InvariantCulture) : null;
        grainState.State = grainState.RecordExists ? serializer.Deserialize<T>(new BinaryData(row.Payload)) : default;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = Name(stateName, grainId);
        var version = Rows.TryGetValue(name, out var row) ? row.Version : 0;
        if (grainState.ETag != (version == 0 ? null : version.ToString(CultureInfo.InvariantCulture))) throw new InconsistentStateException("The row was changed.");
        Rows[name] = (serializer.Serialize(grainState.State).ToArray(), version + 1);
        (grainState.ETag, grainState.RecordExists) = ((version + 1).ToString(CultureInfo.InvariantCulture), true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Rows.TryRemove(Name(stateName, grainId), out _);
        (grainState.ETag, grainState.RecordExists, grainState.State) = (null, false, default);
        return Task.CompletedTask;
    }
}

using Orleans.Storage;

namespace EncryptedGrainState;

/// <summary>Grain storage of one silo in files, so that one can look at what is stored. For the sample only: a real application has a database here.</summary>
public sealed class FileStorage(DirectoryInfo folder, IGrainStorageSerializer serializer) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var file = PathOf(folder, grainId);
        grainState.RecordExists = File.Exists(file);
        grainState.State = grainState.RecordExists ? serializer.Deserialize<T>(new BinaryData(await File.ReadAllBytesAsync(file))) : default;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await File.WriteAllBytesAsync(PathOf(folder, grainId), serializer.Serialize(grainState.State).ToArray());
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        File.Delete(PathOf(folder, grainId));
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    /// <summary>The beginning of what is stored of a grain.</summary>
    public static string Show(DirectoryInfo folder, IAddressable grain) => $"{Convert.ToBase64String(File.ReadAllBytes(PathOf(folder, grain.GetGrainId())))[..120]}...";

    /// <summary>Puts the state of one grain into the place of another one's.</summary>
    public static void Copy(DirectoryInfo folder, IAddressable from, IAddressable to)
    {
        var place = PathOf(folder, to.GetGrainId());
        File.Move(place, place + ".kept", overwrite: true);
        File.Copy(PathOf(folder, from.GetGrainId()), place);
    }

    /// <summary>Takes that back.</summary>
    public static void Restore(DirectoryInfo folder, IAddressable grain)
    {
        var place = PathOf(folder, grain.GetGrainId());
        File.Move(place + ".kept", place, overwrite: true);
    }

    private static string PathOf(DirectoryInfo folder, GrainId grainId) => Path.Combine(folder.FullName, $"{grainId.Key}.state");
}

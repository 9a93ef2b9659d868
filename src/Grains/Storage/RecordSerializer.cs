using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Keys;
using Orleans.Storage;

namespace Orleans.Kms.Grains.Storage;

/// <summary>Stores grain state as plain JSON, without type names.</summary>
internal sealed partial class RecordSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, TypeInfo<T>()!));

    public T Deserialize<T>(BinaryData input)
    {
        var value = JsonSerializer.Deserialize(input.ToMemory().Span, TypeInfo<T>()) ?? throw new JsonException($"The stored {typeof(T).Name} is null.");
        return value is StoredRecord { Format: < 1 or > StoredRecord.CurrentFormat } record
            ? throw new JsonException($"The stored {typeof(T).Name} has format {record.Format}; this program reads up to {StoredRecord.CurrentFormat}. Run a newer version.")
            : value;
    }

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Records.Default.GetTypeInfo(typeof(T))!;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(KeyRecord))]
    [JsonSerializable(typeof(AliasRecord))]
    [JsonSerializable(typeof(AccessKeyRecord))]
    [JsonSerializable(typeof(ProbeRecord))]
    private sealed partial class Records : JsonSerializerContext;
}

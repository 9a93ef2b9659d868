using System.Text;
using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Reads an encryption context in the two forms that clients send: one parameter of JSON text, or flattened to one parameter per pair.</summary>
internal static class EncryptionContexts
{
    private const string Name = "EncryptionContext";

    /// <summary>The context of a call; the empty one if there is none.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: it is no object of texts, too long, names a key twice, or comes in both forms.</exception>
    public static EncryptionContext Read(ActionCall call)
    {
        var flattened = call.WithPrefix(Name + ".").ToList();
        if (!call.Parameters.TryGet(Name, out var json)) return EncryptionContext.Of(flattened);
        if (flattened.Count > 0 || json.Length > EncryptionContext.MaxJsonLength * 4 || Encoding.UTF8.GetCharCount(json) > EncryptionContext.MaxJsonLength) throw Invalid();
        return EncryptionContext.Of(Pairs(json));
    }

    private static List<KeyValuePair<string, string>> Pairs(ReadOnlySpan<byte> json)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Invalid();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw Invalid();
                pairs.Add(new(key, reader.GetString()!));
            }
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? pairs : throw Invalid();
        }
        // A lone surrogate in an escape is no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid();
        }
    }

    private static KmsException Invalid() => KmsException.InvalidParameter(Name);
}

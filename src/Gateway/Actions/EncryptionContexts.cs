using System.Text;
using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Reads an encryption context in the two forms that clients send: one parameter of JSON text, or flattened to one parameter per pair.</summary>
internal static class EncryptionContexts
{
    /// <summary>The context that the parameter <paramref name="name"/> holds; the empty one if there is none.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: it is no object of texts, too long, names a key twice, or comes in both forms.</exception>
    public static EncryptionContext Read(ActionCall call, string name = "EncryptionContext")
    {
        var flattened = call.WithPrefix(name + ".").ToList();
        if (!call.Parameters.TryGet(name, out var json)) return Of(flattened, name);
        if (flattened.Count > 0 || json.Length > EncryptionContext.MaxJsonLength * 4 || Encoding.UTF8.GetCharCount(json) > EncryptionContext.MaxJsonLength) throw KmsException.InvalidParameter(name);
        return Of(Pairs(json, name), name);
    }

    // The context itself knows only the name that most actions give it.
    private static EncryptionContext Of(List<KeyValuePair<string, string>> pairs, string name)
    {
        try { return EncryptionContext.Of(pairs); }
        catch (KmsException) { throw KmsException.InvalidParameter(name); }
    }

    private static List<KeyValuePair<string, string>> Pairs(ReadOnlySpan<byte> json, string name)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw KmsException.InvalidParameter(name);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw KmsException.InvalidParameter(name);
                pairs.Add(new(key, reader.GetString()!));
            }
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? pairs : throw KmsException.InvalidParameter(name);
        }
        // A lone surrogate in an escape is no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw KmsException.InvalidParameter(name);
        }
    }
}

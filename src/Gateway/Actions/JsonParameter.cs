using System.Text.Json;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Parameters that hold JSON text.</summary>
internal static class JsonParameter
{
    private static readonly JsonDocumentOptions Flat = new() { MaxDepth = 4 };

    /// <summary>Reads the array that a parameter holds; null if it is absent.</summary>
    /// <param name="call">The call.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="maxLength">The most elements.</param>
    /// <param name="read">Reads one element; null if it is malformed.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: it is no array, too long, or an element is malformed.</exception>
    public static List<T>? Array<T>(ActionCall call, string name, int maxLength, Func<JsonElement, T?> read) where T : class
    {
        if (call.Text(name) is not { } text) return null;
        try
        {
            using var document = JsonDocument.Parse(text, Flat);
            if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() > maxLength) throw KmsException.InvalidParameter(name);
            return [.. document.RootElement.EnumerateArray().Select(element => read(element) ?? throw KmsException.InvalidParameter(name))];
        }
        // A lone surrogate in an escape is no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw KmsException.InvalidParameter(name);
        }
    }

    /// <summary>The text of an element; null if it is another kind of value.</summary>
    public static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>Collects the parameters of a request from where its client put them: the query, a form, or (only seen with ACS3) a JSON object.</summary>
internal static class ParameterReader
{
    /// <summary>Reads query and body.</summary>
    /// <exception cref="ApiException">They are malformed, too large, or of an unknown content type.</exception>
    public static RequestParameters Read(HttpRequest request, RequestBody body)
    {
        var query = request.QueryString.Value is { Length: > 1 } text ? text.AsSpan(1) : [];
        var parameters = new RequestParameters(query.Length + body.Bytes.Length);
        try
        {
            AddQuery(parameters, query);
            AddBody(parameters, request.ContentType, body.Bytes);
            parameters.Complete();
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static void AddQuery(RequestParameters parameters, ReadOnlySpan<char> query)
    {
        if (query.IsEmpty) return;
        var bytes = ArrayPool<byte>.Shared.Rent(query.Length);
        try
        {
            if (Ascii.FromUtf16(query, bytes, out var written) != OperationStatus.Done) throw ApiException.Malformed("the query is not ASCII");
            parameters.AddEncoded(bytes.AsSpan(0, written), fromQuery: true);
        }
        finally { ArrayPool<byte>.Shared.Return(bytes, clearArray: true); }
    }

    private static void AddBody(RequestParameters parameters, string? contentType, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return;
        var type = contentType.AsSpan();
        if (type.IndexOf(';') is >= 0 and var semicolon) type = type[..semicolon];
        type = type.Trim();
        if (type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)) parameters.AddEncoded(body, fromQuery: false);
        else if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) AddJson(parameters, body);
        else throw ApiException.Malformed("a body is application/x-www-form-urlencoded or application/json");
    }

    private static void AddJson(RequestParameters parameters, ReadOnlySpan<byte> body)
    {
        var copy = body.ToArray();
        try
        {
            using var document = JsonDocument.Parse(copy);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                // A parameter that its client did not set.
                if (property.Value.ValueKind == JsonValueKind.Null) continue;
                var value = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
                parameters.AddPlain(Encoding.UTF8.GetBytes(property.Name), Encoding.UTF8.GetBytes(value));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ApiException.Malformed("the body is no JSON object");
        }
        finally { CryptographicOperations.ZeroMemory(copy); }
    }
}

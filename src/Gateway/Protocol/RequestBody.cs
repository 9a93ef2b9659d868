using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>The body of a request, whole and in memory; wiped when the request ends.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] _buffer = [];
    private int _length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads a body of at most <paramref name="limit"/> bytes, with or without a declared length.</summary>
    /// <exception cref="ApiException">It is larger.</exception>
    public static async ValueTask<RequestBody> Read(HttpRequest request, int limit)
    {
        var body = new RequestBody();
        if (request.ContentLength is 0 || HttpMethods.IsGet(request.Method)) return body;
        if (request.ContentLength > limit) throw ApiException.TooLarge($"a body has at most {limit} bytes");
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
                if (read.Buffer.Length > limit)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    throw ApiException.TooLarge($"a body has at most {limit} bytes");
                }
                if (read.IsCompleted)
                {
                    body.Take(read.Buffer);
                    reader.AdvanceTo(read.Buffer.End);
                    return body;
                }
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length == 0) return;
        CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, _length));
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Take(in ReadOnlySequence<byte> bytes)
    {
        _length = (int)bytes.Length;
        if (_length == 0) return;
        _buffer = ArrayPool<byte>.Shared.Rent(_length);
        bytes.CopyTo(_buffer);
    }
}

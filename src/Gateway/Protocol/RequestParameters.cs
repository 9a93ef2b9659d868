using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>
/// The parameters of one request, from query and body together, decoded, sorted by name in byte order. Names are case-sensitive; a name given twice is
/// refused, since two readers could take different values. The bytes are wiped when the request ends: they may hold a plaintext.
/// </summary>
internal sealed class RequestParameters : IDisposable
{
    /// <summary>The most parameters of one request: as many as the largest EncryptionContext has pairs in its flattened form, and then some.</summary>
    public const int MaxCount = 2048;

    /// <summary>The longest name, in bytes. EncryptionContext's flattened form carries a context's key in the name, of up to 8192 characters.</summary>
    public const int MaxNameLength = 32 * 1024;

    private readonly byte[] _bytes;
    private int _used;
    private Parameter[] _parameters = new Parameter[16];
    private int _count;

    /// <summary>Room for parameters that take at most <paramref name="encodedLength"/> bytes as they are sent.</summary>
    public RequestParameters(int encodedLength) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(encodedLength, 1));

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <summary>The name of a parameter, by its place in the order.</summary>
    public ReadOnlySpan<byte> Name(int index) => _bytes.AsSpan(_parameters[index].NameStart, _parameters[index].NameLength);

    /// <summary>The value of a parameter, by its place in the order.</summary>
    public ReadOnlySpan<byte> Value(int index) => _bytes.AsSpan(_parameters[index].NameStart + _parameters[index].NameLength, _parameters[index].ValueLength);

    /// <summary>Whether a parameter came in the query.</summary>
    public bool IsFromQuery(int index) => _parameters[index].FromQuery;

    /// <summary>Adds the parameters of a query string (without its <c>?</c>) or a form.</summary>
    /// <exception cref="ApiException">They are malformed or too many.</exception>
    public void AddEncoded(ReadOnlySpan<byte> text, bool fromQuery)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'&');
            var pair = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf((byte)'=');
            Add(equals < 0 ? pair : pair[..equals], equals < 0 ? [] : pair[(equals + 1)..], encoded: true, fromQuery);
        }
    }

    /// <summary>Adds a parameter that needs no decoding.</summary>
    public void AddPlain(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Add(name, value, encoded: false, fromQuery: false);

    /// <summary>Sorts what was added and refuses names given twice.</summary>
    public void Complete()
    {
        _parameters.AsSpan(0, _count).Sort((a, b) => NameOf(a).SequenceCompareTo(NameOf(b)));
        for (var i = 1; i < _count; i++)
        {
            if (Name(i).SequenceEqual(Name(i - 1))) throw KmsException.InvalidParameter(Encoding.UTF8.GetString(Name(i)));
        }
    }

    /// <summary>The value of a parameter; false if it is absent or empty, which is the same for every reader but the signature.</summary>
    public bool TryGet(string name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < _count; i++)
        {
            if (!Ascii.Equals(Name(i), name)) continue;
            value = Value(i);
            return !value.IsEmpty;
        }
        value = default;
        return false;
    }

    /// <summary>Whether a parameter was sent, be it empty.</summary>
    public bool Contains(string name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (Ascii.Equals(Name(i), name)) return true;
        }
        return false;
    }

    /// <summary>The value of a parameter as text, or null if it is absent or empty.</summary>
    public string? Text(string name) => TryGet(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _used));
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    private ReadOnlySpan<byte> NameOf(Parameter parameter) => _bytes.AsSpan(parameter.NameStart, parameter.NameLength);

    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool encoded, bool fromQuery)
    {
        if (_count == MaxCount) throw ApiException.TooLarge($"more than {MaxCount} parameters");
        var start = _used;
        var nameLength = Append(name, encoded);
        if (nameLength is 0 or > MaxNameLength) throw ApiException.Malformed($"a name has 1 to {MaxNameLength} bytes");
        var valueLength = Append(value, encoded);
        if (_count == _parameters.Length) Array.Resize(ref _parameters, _count * 2);
        _parameters[_count++] = new(start, nameLength, valueLength, fromQuery);
    }

    private int Append(ReadOnlySpan<byte> text, bool encoded)
    {
        int length;
        if (!encoded)
        {
            text.CopyTo(_bytes.AsSpan(_used));
            length = text.Length;
        }
        else if (!PercentEncoding.TryDecode(text, _bytes.AsSpan(_used), out length))
        {
            throw ApiException.Malformed("a parameter is not percent-encoded UTF-8");
        }
        _used += length;
        return length;
    }

    // A value lies right behind its name.
    private readonly record struct Parameter(int NameStart, int NameLength, int ValueLength, bool FromQuery);
}

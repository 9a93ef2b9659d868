using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>Writes an answer's fields in the wanted format. Field names are the API's and need no escaping.</summary>
internal abstract class ResponseWriter(ResponseBuffer buffer)
{
    /// <summary>The exact content type: some clients choose their parser by it.</summary>
    public abstract string ContentType { get; }

    /// <summary>Begins the answer. <paramref name="root"/> names it where the format does.</summary>
    public abstract void Begin(string root);

    /// <summary>Ends the answer.</summary>
    public abstract void End();

    /// <summary>Begins a nested object.</summary>
    public abstract void BeginObject(string name);

    /// <summary>Ends a nested object.</summary>
    public abstract void EndObject(string name);

    /// <summary>Begins a list, wrapped as in <c>{"Keys":{"Key":[..]}}</c>. An empty one keeps both levels.</summary>
    public abstract void BeginList(string wrapper, string element);

    /// <summary>Begins an object of a list.</summary>
    public abstract void BeginItem(string element);

    /// <summary>Ends an object of a list.</summary>
    public abstract void EndItem(string element);

    /// <summary>Ends a list.</summary>
    public abstract void EndList(string wrapper);

    /// <summary>Begins a list that has no wrapper: <c>{"TrailList":[..]}</c>. XML has an element of that name for each object of it.</summary>
    public abstract void BeginArray(string name);

    /// <summary>Ends a list that has no wrapper.</summary>
    public abstract void EndArray();

    /// <summary>An object of a list that is JSON already.</summary>
    public abstract void JsonItem(string element, ReadOnlySpan<byte> json);

    /// <summary>A text, given as UTF-8.</summary>
    public abstract void Text(string name, ReadOnlySpan<byte> value);

    /// <summary>Refuses a text that this format cannot carry: to be asked before something is done that the answer has to tell.</summary>
    /// <exception cref="ApiException">It cannot.</exception>
    public virtual void RequireCarries(string value) { }

    /// <summary>A text of a list of texts.</summary>
    public abstract void TextItem(string element, string value);

    /// <summary>A truth value.</summary>
    public abstract void Boolean(string name, bool value);

    /// <summary>A number.</summary>
    public abstract void Integer(string name, long value);

    /// <summary>A text.</summary>
    public void Text(string name, string value)
    {
        if (value.Length > 128)
        {
            Text(name, Encoding.UTF8.GetBytes(value).AsSpan());
            return;
        }
        Span<byte> utf8 = stackalloc byte[value.Length * 3];
        Text(name, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>A UUID in lower case.</summary>
    public void Id(string name, Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _, "D");
        Text(name, text);
    }

    /// <summary>A time in UTC, in whole seconds.</summary>
    public void Time(string name, DateTimeOffset value)
    {
        Span<byte> text = stackalloc byte[20];
        value.UtcDateTime.TryFormat(text, out _, "yyyy-MM-ddTHH:mm:ssZ", null);
        Text(name, text);
    }

    /// <summary>Bytes, as Base64.</summary>
    public abstract void Bytes(string name, ReadOnlySpan<byte> value);

    /// <summary>Writes ASCII as it is.</summary>
    protected void Raw(ReadOnlySpan<byte> ascii) => buffer.Write(ascii);

    /// <summary>Writes ASCII as it is.</summary>
    protected void Raw(string ascii)
    {
        var span = buffer.GetSpan(ascii.Length);
        buffer.Advance(Encoding.ASCII.GetBytes(ascii, span));
    }

    /// <summary>Writes a number.</summary>
    protected void RawInteger(long value)
    {
        Utf8Formatter.TryFormat(value, buffer.GetSpan(20), out var written);
        buffer.Advance(written);
    }

    /// <summary>Writes bytes as Base64.</summary>
    protected void RawBase64(ReadOnlySpan<byte> value)
    {
        Base64.EncodeToUtf8(value, buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out var written);
        buffer.Advance(written);
    }
}

using System.Buffers;
using System.Text;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>
/// Compact JSON in UTF-8. Only the two-letter escapes are used, since an old reader among the SDKs does not understand <c>\uXXXX</c>; control characters that have
/// no other form are the exception. Ready-made writers escape more, emoji for instance.
/// </summary>
internal sealed class JsonResponseWriter(ResponseBuffer buffer) : ResponseWriter(buffer)
{
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private bool _comma;

    public override string ContentType => "application/json;charset=utf-8";

    public override void Begin(string root) => Open("{"u8);

    public override void End() => Close("}"u8);

    public override void BeginObject(string name)
    {
        Name(name);
        Open("{"u8);
    }

    public override void EndObject(string name) => Close("}"u8);

    public override void BeginList(string wrapper, string element)
    {
        BeginObject(wrapper);
        Name(element);
        Open("["u8);
    }

    public override void BeginItem(string element)
    {
        if (_comma) Raw(","u8);
        Open("{"u8);
    }

    public override void EndItem(string element) => Close("}"u8);

    public override void EndList(string wrapper) => Close("]}"u8);

    public override void BeginArray(string name)
    {
        Name(name);
        Open("["u8);
    }

    public override void EndArray() => Close("]"u8);

    public override void JsonItem(string element, ReadOnlySpan<byte> json)
    {
        if (_comma) Raw(","u8);
        Close(json);
    }

    public override void Text(string name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Quoted(value);
    }

    public override void TextItem(string element, string value)
    {
        if (_comma) Raw(","u8);
        Quoted(Encoding.UTF8.GetBytes(value));
    }

    public override void Boolean(string name, bool value)
    {
        Name(name);
        Raw(value ? "true"u8 : "false"u8);
        _comma = true;
    }

    public override void Integer(string name, long value)
    {
        Name(name);
        RawInteger(value);
        _comma = true;
    }

    public override void Bytes(string name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Raw("\""u8);
        RawBase64(value);
        Close("\""u8);
    }

    private void Name(string name)
    {
        Raw(_comma ? ",\""u8 : "\""u8);
        Raw(name);
        Raw("\":"u8);
    }

    private void Quoted(ReadOnlySpan<byte> value)
    {
        Raw("\""u8);
        while (value.IndexOfAny(Escaped) is >= 0 and var index)
        {
            Raw(value[..index]);
            Escape(value[index]);
            value = value[(index + 1)..];
        }
        Raw(value);
        Close("\""u8);
    }

    private void Open(ReadOnlySpan<byte> bracket)
    {
        Raw(bracket);
        _comma = false;
    }

    private void Close(ReadOnlySpan<byte> bracket)
    {
        Raw(bracket);
        _comma = true;
    }

    private void Escape(byte value)
    {
        switch (value)
        {
            case (byte)'"': Raw("\\\""u8); break;
            case (byte)'\\': Raw("\\\\"u8); break;
            case (byte)'\b': Raw("\\b"u8); break;
            case (byte)'\f': Raw("\\f"u8); break;
            case (byte)'\n': Raw("\\n"u8); break;
            case (byte)'\r': Raw("\\r"u8); break;
            case (byte)'\t': Raw("\\t"u8); break;
            default:
                Span<byte> escape = [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', 0, 0];
                PercentEncoding.WriteHex(value, escape[4..]);
                Raw(escape);
                break;
        }
    }
}

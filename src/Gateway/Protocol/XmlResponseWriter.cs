using System.Text;
using System.Text.Json;
using System.Xml;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>XML 1.0 in UTF-8. The declaration always comes first, and nothing else before the root: a reader among the SDKs takes the document's second node.</summary>
internal sealed class XmlResponseWriter(ResponseBuffer buffer) : ResponseWriter(buffer)
{
    private string _root = "";

    public override string ContentType => "text/xml;charset=utf-8";

    public override void Begin(string root)
    {
        _root = root;
        Raw("<?xml version='1.0' encoding='UTF-8'?>"u8);
        Open(root);
    }

    public override void End() => Close(_root);

    public override void BeginObject(string name) => Open(name);

    public override void EndObject(string name) => Close(name);

    public override void BeginList(string wrapper, string element) => Open(wrapper);

    public override void BeginItem(string element) => Open(element);

    public override void EndItem(string element) => Close(element);

    public override void EndList(string wrapper) => Close(wrapper);

    public override void BeginArray(string name) { }

    public override void EndArray() { }

    public override void JsonItem(string element, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Value(element, ref reader);
    }

    public override void Text(string name, ReadOnlySpan<byte> value)
    {
        Open(name);
        var plain = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (Escape(value[i], value[i..]) is not { IsEmpty: false } escape) continue;
            Raw(value[plain..i]);
            Raw(escape);
            plain = i + 1;
        }
        Raw(value[plain..]);
        Close(name);
    }

    public override void TextItem(string element, string value) => Text(element, value);

    public override void Boolean(string name, bool value) => Text(name, value ? "true"u8 : "false"u8);

    public override void Integer(string name, long value)
    {
        Open(name);
        RawInteger(value);
        Close(name);
    }

    public override void Bytes(string name, ReadOnlySpan<byte> value)
    {
        Open(name);
        RawBase64(value);
        Close(name);
    }

    public override void RequireCarries(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        for (var i = 0; i < utf8.Length; i++) Escape(utf8[i], utf8.AsSpan(i));
    }

    // The elements of an array have its name, each of them.
    private void Value(string name, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Value(name, ref reader);
                break;
            case JsonTokenType.StartObject:
                Open(name);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var inner = XmlConvert.EncodeLocalName(reader.GetString()!)!;
                    reader.Read();
                    Value(inner, ref reader);
                }
                Close(name);
                break;
            case JsonTokenType.String: Text(name, Carried(reader.GetString()!)); break;
            case JsonTokenType.Null: Text(name, ""u8); break;
            default: Text(name, reader.ValueSpan); break;
        }
    }

    private void Open(string name)
    {
        Raw("<"u8);
        Raw(name);
        Raw(">"u8);
    }

    private void Close(string name)
    {
        Raw("</"u8);
        Raw(name);
        Raw(">"u8);
    }

    // A carriage return would be read as a line feed if it stood for itself. Of the control characters XML 1.0 knows three; of the rest of Unicode it lacks two.
    private static ReadOnlySpan<byte> Escape(byte value, ReadOnlySpan<byte> rest) => value switch
    {
        (byte)'<' => "&lt;"u8,
        (byte)'>' => "&gt;"u8,
        (byte)'&' => "&amp;"u8,
        (byte)'\r' => "&#13;"u8,
        (byte)'\n' or (byte)'\t' => [],
        < 0x20 => throw NotXml(),
        0xEF when rest.StartsWith("\uFFFE"u8) || rest.StartsWith("\uFFFF"u8) => throw NotXml(),
        _ => [],
    };

    /// <summary>A text in which what XML cannot carry is replaced: for those that have to arrive.</summary>
    public static string Carried(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = XmlConvert.IsXmlChar(from[i]) || char.IsSurrogate(from[i]) ? from[i] : '\uFFFD';
    });

    private static ApiException NotXml() =>
        new(400, "InvalidParameter.Format", "The answer holds a character that XML cannot carry. Ask for it with Format=JSON.");
}

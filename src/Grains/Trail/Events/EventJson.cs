using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>
/// Writes the JSON of one event after the other. Texts are the callers', so each is cut to a length; an event that is too long all the same is written again with shorter texts.
/// What comes out is UTF-8 without line breaks, whatever goes in: control characters are escaped, and halves of surrogate pairs become U+FFFD.
/// </summary>
internal sealed class EventJson
{
    /// <summary>The longest event, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The longest text, in characters, in front of the note that says that it was cut.</summary>
    public const int MaxText = 8192;

    /// <summary>The most elements of a list.</summary>
    public const int MaxItems = 100;

    // The last one fits whatever an event holds.
    private static readonly (int Text, int Items)[] Limits = [(MaxText, MaxItems), (2048, MaxItems), (512, 50), (128, 25), (32, 10), (8, 4)];

    [ThreadStatic] private static EventJson? _ofThread;

    // Nothing of this is ever part of a web page. Escaping less keeps what is looked for readable in the stored bytes.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly Utf8JsonWriter _writer;
    private int _limit;

    private EventJson(ArrayBufferWriter<byte> buffer, Utf8JsonWriter writer) => (_buffer, _writer) = (buffer, writer);

    /// <summary>That of this thread.</summary>
    public static EventJson OfThread => _ofThread ??= Make(new(4096));

    /// <summary>Begins the next event: with full lengths.</summary>
    public void Start() => _limit = 0;

    /// <summary>Begins to write the event, for the first time or again.</summary>
    public void Open()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
    }

    /// <summary>Ends the event. False if it is too long: then it is to be written again.</summary>
    public bool Close([NotNullWhen(true)] out byte[]? json)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        json = _buffer.WrittenCount <= MaxBytes ? _buffer.WrittenSpan.ToArray() : null;
        if (json is null && ++_limit == Limits.Length) throw new InvalidOperationException("An event does not fit.");
        return json is not null;
    }

    /// <summary>Opens an object.</summary>
    public void BeginObject(JsonEncodedText name) => _writer.WriteStartObject(name);

    /// <summary>Closes an object.</summary>
    public void EndObject() => _writer.WriteEndObject();

    /// <summary>Opens a list.</summary>
    public void BeginArray(JsonEncodedText name) => _writer.WriteStartArray(name);

    /// <summary>Closes a list.</summary>
    /// <param name="more">How many elements were left out.</param>
    public void EndArray(int more = 0)
    {
        if (more > 0) _writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"...(cut: {more} more)"));
        _writer.WriteEndArray();
    }

    /// <summary>Writes a text; nothing if there is none.</summary>
    public void Text(JsonEncodedText name, string? value)
    {
        if (value is null) return;
        if (Fits(value)) _writer.WriteString(name, value);
        else _writer.WriteString(name, Cut(value));
    }

    /// <summary>Writes a text under a name that was not prepared.</summary>
    public void Text(string name, string? value) => Text(JsonEncodedText.Encode(name), value);

    /// <summary>Writes a text that events are found by, so that nobody hides an event by making it long. It has a length of its own that it is cut to.</summary>
    public void Whole(JsonEncodedText name, string value) => _writer.WriteString(name, value);

    /// <summary>Writes a text that needs no look.</summary>
    public void Constant(JsonEncodedText name, JsonEncodedText value) => _writer.WriteString(name, value);

    /// <summary>Writes a truth value.</summary>
    public void Boolean(JsonEncodedText name, bool value) => _writer.WriteBoolean(name, value);

    /// <summary>Writes a UUID in lower case.</summary>
    public void Id(JsonEncodedText name, Guid value) => _writer.WriteString(name, value);

    /// <summary>Writes a UUID in upper case, as ids of requests are.</summary>
    public void UpperId(JsonEncodedText name, Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _, "D");
        Ascii.ToUpperInPlace(text, out _);
        _writer.WriteString(name, text);
    }

    /// <summary>Writes a time, to the second (UTC).</summary>
    public void Time(JsonEncodedText name, DateTimeOffset value)
    {
        Span<byte> text = stackalloc byte[20];
        value.UtcDateTime.TryFormat(text, out var length, "s", CultureInfo.InvariantCulture);
        text[length] = (byte)'Z';
        _writer.WriteString(name, text[..(length + 1)]);
    }

    /// <summary>Writes a whole number.</summary>
    public void Integer(JsonEncodedText name, long value) => _writer.WriteNumber(name, value);

    /// <summary>Writes a whole number as text, as parameters are sent.</summary>
    public void Number(JsonEncodedText name, long value)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        _writer.WriteString(name, text[..length]);
    }

    /// <summary>Writes an element of a list.</summary>
    public void Item(string? value) => _writer.WriteStringValue(value is null || Fits(value) ? value : Cut(value));

    /// <summary>Writes an element of a list.</summary>
    public void Item(Guid value) => _writer.WriteStringValue(value);

    /// <summary>Writes JSON that is ready.</summary>
    public void Raw(JsonEncodedText name, ReadOnlySpan<byte> json)
    {
        _writer.WritePropertyName(name);
        _writer.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>How many of so many elements may be written.</summary>
    public int Items(int count) => Math.Min(count, Limits[_limit].Items);

    private static EventJson Make(ArrayBufferWriter<byte> buffer) => new(buffer, new(buffer, Relaxed));

    // What is too long already is written again anyway.
    private bool Fits(string value) => value.Length <= Limits[_limit].Text && _writer.BytesCommitted + _writer.BytesPending <= MaxBytes;

    private string Cut(string value)
    {
        if (_writer.BytesCommitted + _writer.BytesPending > MaxBytes) return "";
        var length = Limits[_limit].Text;
        if (char.IsHighSurrogate(value[length - 1])) length--;
        return string.Create(CultureInfo.InvariantCulture, $"{value.AsSpan(0, length)}...(cut: {value.Length} characters)");
    }
}

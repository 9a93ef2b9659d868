using System.Text;
using System.Text.Json;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>The tokens of one document, and refusals that say where in it they stand.</summary>
internal ref struct PolicyReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _json;
    private readonly ReadOnlySpan<byte> _utf8;
    private Utf8JsonReader _tokens;
    private int _searches;

    /// <summary>Begins to read a document of at most <paramref name="maxLength"/> characters; the current token is its first one.</summary>
    public PolicyReader(string json, int maxLength)
    {
        if (json.Length > maxLength) throw PolicyFormatException.At(json, maxLength, $"the document is longer than {maxLength} characters");
        _json = json;
        _utf8 = Encode(json);
        _tokens = new(_utf8, new JsonReaderOptions { MaxDepth = PolicyLimits.Depth });
        Next();
    }

    /// <summary>The current token.</summary>
    public readonly JsonTokenType Token => _tokens.TokenType;

    /// <summary>Where the current token begins.</summary>
    public readonly int Offset => (int)_tokens.TokenStartIndex;

    /// <summary>Goes to the next token; false at the end of the document.</summary>
    public bool Next()
    {
        try { return _tokens.Read(); }
        catch (JsonException e) { throw Unreadable(e); }
    }

    /// <summary>Requires the current token to begin an object, and enters it.</summary>
    public void EnterObject(string what)
    {
        if (Token != JsonTokenType.StartObject) throw Error($"{what} must be an object");
        Next();
    }

    /// <summary>The current token, which names a member of an object, and goes to its value. <paramref name="seen"/> are the names before, to which it is added.</summary>
    public Located Name(HashSet<string> seen)
    {
        var name = new Located(Unescaped(), Offset);
        if (!seen.Add(name.Text)) throw Error($"{PolicyFormatException.Shown(name.Text)} stands here twice");
        Next();
        return name;
    }

    /// <summary>The current token, a string, and goes behind it.</summary>
    public Located String(string what)
    {
        if (Token != JsonTokenType.String) throw Error($"{what} must be a string");
        var text = new Located(Unescaped(), Offset);
        Next();
        return text;
    }

    /// <summary>A string or a list of at least one, and goes behind it.</summary>
    public List<Located> Strings(string what)
    {
        if (Token != JsonTokenType.StartArray) return Token == JsonTokenType.String ? [String(what)] : throw Error($"{what} must be a string or a list of strings");
        var begin = Offset;
        var list = new List<Located>();
        for (Next(); Token != JsonTokenType.EndArray;)
        {
            if (list.Count == PolicyLimits.Values) throw Error($"{what} has more than {PolicyLimits.Values} values");
            list.Add(String($"every value of {what}"));
        }
        if (list.Count == 0) throw Error($"{what} is empty", begin);
        Next();
        return list;
    }

    /// <summary>Counts a value that requests' texts are searched for.</summary>
    public void CountSearch(Located value)
    {
        if (++_searches > PolicyLimits.Searches) throw Error($"the document has more than {PolicyLimits.Searches} patterns of StringLike with a * before their end", value.Offset);
    }

    /// <summary>A refusal of the current token.</summary>
    public readonly PolicyFormatException Error(string problem) => Error(problem, Offset);

    /// <summary>A refusal of what stands at <paramref name="offset"/>.</summary>
    public readonly PolicyFormatException Error(string problem, int offset) => PolicyFormatException.At(_json, Encoding.UTF8.GetCharCount(_utf8[..offset]), problem);

    private static byte[] Encode(string json)
    {
        try { return Strict.GetBytes(json); }
        catch (EncoderFallbackException e) { throw PolicyFormatException.At(json, e.Index, "half a surrogate pair is no character"); }
    }

    private readonly string Unescaped()
    {
        try { return _tokens.GetString()!; }
        // An escaped half of a surrogate pair.
        catch (InvalidOperationException) { throw Error("half a surrogate pair is no character"); }
    }

    // The exception counts lines and, within them, bytes. Its text speaks of the reader, not of the document.
    private readonly PolicyFormatException Unreadable(JsonException e)
    {
        var offset = 0;
        for (var line = 0; line < e.LineNumber; line++) offset += _utf8[offset..].IndexOf((byte)'\n') + 1;
        offset = Math.Min(offset + (int)(e.BytePositionInLine ?? 0), _utf8.Length);
        var index = Encoding.UTF8.GetCharCount(_utf8[..offset]);
        var isAtEnd = index == _json.Length;
        return PolicyFormatException.At(_json, index, isAtEnd ? "the document ends too early" : $"unexpected character {PolicyFormatException.Shown(_json.AsSpan(index, 1))}, this is no JSON");
    }
}

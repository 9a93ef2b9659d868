using System.Buffers;
using System.Text.Unicode;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>
/// The percent-encoding of the signatures (RFC 3986 over UTF-8): letters, digits, <c>- _ . ~</c> stay, every other byte is <c>%XX</c> in upper case.
/// Ready-made escapers differ in <c>! ' ( ) * ~</c>, and a signature is made of exact bytes.
/// </summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"u8);

    /// <summary>Whether a byte stays as it is.</summary>
    public static bool Stays(byte value) => Unreserved.Contains(value);

    /// <summary>How long <paramref name="text"/> is once encoded.</summary>
    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        foreach (var value in text) length += Stays(value) ? 0 : 2;
        return length;
    }

    /// <summary>Encodes <paramref name="text"/> and returns what is left of <paramref name="destination"/>.</summary>
    public static Span<byte> Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        foreach (var value in text)
        {
            if (Stays(value))
            {
                destination[written++] = value;
                continue;
            }
            destination[written] = (byte)'%';
            WriteHex(value, destination[(written + 1)..]);
            written += 3;
        }
        return destination[written..];
    }

    /// <summary>Writes two hexadecimal digits in upper case.</summary>
    public static void WriteHex(byte value, Span<byte> destination)
    {
        destination[0] = "0123456789ABCDEF"u8[value >> 4];
        destination[1] = "0123456789ABCDEF"u8[value & 15];
    }

    /// <summary>Decodes a name or value of a query or form; <c>+</c> is a space in both. False for a malformed escape or malformed UTF-8.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="destination">At least as long as <paramref name="text"/>.</param>
    /// <param name="written">How many bytes were written.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                destination[written++] = text[i] == '+' ? (byte)' ' : text[i];
                continue;
            }
            if (i + 2 >= text.Length || !TryHex(text[i + 1], out var high) || !TryHex(text[i + 2], out var low)) return false;
            destination[written++] = (byte)((high << 4) | low);
            i += 2;
        }
        return Utf8.IsValid(destination[..written]);
    }

    private static bool TryHex(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            _ => -1,
        };
        return value >= 0;
    }
}

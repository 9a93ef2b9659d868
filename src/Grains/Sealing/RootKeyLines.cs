using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Sealing;

/// <summary>The content of a root key file: lines <c>N BASE64</c>, N a version from 1 without leading zeros, then the key's 32 bytes.</summary>
internal static class RootKeyLines
{
    /// <summary>The length of a root key.</summary>
    public const int KeyBytes = 32;

    private const int Base64Bytes = 44;
    private const int VersionDigits = 10;

    /// <summary>Reads the keys by version, at least one, each in a pinned array that the caller wipes.</summary>
    /// <exception cref="FormatException">A line is something else; the message tells which one, and nothing of its content.</exception>
    public static SortedDictionary<int, byte[]> Parse(ReadOnlySpan<byte> content)
    {
        var keys = new SortedDictionary<int, byte[]>();
        try
        {
            for (var line = 1; !content.IsEmpty; line++)
            {
                var end = content.IndexOf((byte)'\n');
                ParseLine(end < 0 ? content : content[..end], line, keys);
                content = end < 0 ? [] : content[(end + 1)..];
            }
            return keys.Count > 0 ? keys : throw new FormatException("it is empty");
        }
        catch
        {
            Wipe(keys);
            throw;
        }
    }

    /// <summary>Gives <paramref name="content"/> with one more line, in a pinned array that the caller wipes.</summary>
    public static byte[] Append(ReadOnlySpan<byte> content, int version, ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes) throw new ArgumentException($"A root key has {KeyBytes} bytes.", nameof(key));
        Span<byte> number = stackalloc byte[VersionDigits];
        version.TryFormat(number, out var digits, provider: CultureInfo.InvariantCulture);
        var ended = content.IsEmpty || content[^1] == (byte)'\n' ? 0 : 1;
        var longer = GC.AllocateArray<byte>(content.Length + ended + digits + 1 + Base64Bytes + 1, pinned: true);
        content.CopyTo(longer);
        var line = longer.AsSpan(content.Length);
        if (ended > 0) line[0] = (byte)'\n';
        line = line[ended..];
        number[..digits].CopyTo(line);
        line[digits] = (byte)' ';
        Base64.EncodeToUtf8(key, line[(digits + 1)..], out _, out _);
        line[^1] = (byte)'\n';
        return longer;
    }

    /// <summary>Wipes all keys.</summary>
    public static void Wipe(SortedDictionary<int, byte[]> keys)
    {
        foreach (var key in keys.Values) CryptographicOperations.ZeroMemory(key);
    }

    private static void ParseLine(ReadOnlySpan<byte> text, int line, SortedDictionary<int, byte[]> keys)
    {
        var space = text.IndexOf((byte)' ');
        if (space < 1 || text[0] == (byte)'0' || !int.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var version)) throw Malformed(line);
        var key = GC.AllocateArray<byte>(KeyBytes, pinned: true);
        if (!keys.TryAdd(version, key)) throw new FormatException($"line {line} repeats version {version}");
        var base64 = text[(space + 1)..];
        if (base64.Length != Base64Bytes || Base64.DecodeFromUtf8(base64, key, out _, out var written) != OperationStatus.Done || written != KeyBytes) throw Malformed(line);
    }

    private static FormatException Malformed(int line) => new($"line {line} is not a version from 1, a space and the Base64 of {KeyBytes} bytes");
}

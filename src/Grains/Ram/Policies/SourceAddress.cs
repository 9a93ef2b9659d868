using System.Globalization;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// Addresses as numbers, IPv4 as IPv4-mapped IPv6. Only the usual notations: four decimal numbers without leading zeros, or IPv6 without zone and brackets.
/// What other parsers take for an address as well (<c>127.1</c>, <c>0x7f.0.0.1</c>, octal numbers) is none.
/// </summary>
internal static class SourceAddress
{
    private const int MappedBits = 96;

    /// <summary>The address, or null if the text is none. Allocates nothing.</summary>
    public static UInt128? Parse(ReadOnlySpan<char> text)
    {
        // The framework's parser takes zero characters behind a number for its end.
        if (text.Contains('\0')) return null;
        if (text.Contains(':')) return ParseV6(text);
        return ParseV4(text) is { } v4 ? Mapped(v4) : null;
    }

    /// <summary>Whether an address is an IPv4-mapped one.</summary>
    public static bool IsV4(UInt128 address) => address >> 32 == 0xffff;

    /// <summary>A range: an address, or a network and the length of its prefix.</summary>
    public static AddressRange? ParseRange(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        if (Parse(slash < 0 ? text : text[..slash]) is not { } network) return null;
        if (slash < 0) return AddressRange.Of(network, 128);
        var offset = text[..slash].Contains(':') ? 0 : MappedBits;
        var digits = text[(slash + 1)..];
        // No leading zeros here either, and no zero characters behind.
        if (digits.Length > 1 && digits[0] == '0' || digits.Contains('\0')) return null;
        if (!byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || offset + length > 128) return null;
        return AddressRange.Of(network, offset + length);
    }

    private static UInt128 Mapped(uint v4) => (UInt128)0xffff << 32 | v4;

    private static uint? ParseV4(ReadOnlySpan<char> text)
    {
        uint address = 0;
        var numbers = 0;
        foreach (var range in text.Split('.'))
        {
            var digits = text[range];
            if (++numbers > 4 || digits.Length > 1 && digits[0] == '0') return null;
            if (!byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            address = address << 8 | number;
        }
        return numbers == 4 ? address : null;
    }

    private static UInt128? ParseV6(ReadOnlySpan<char> text)
    {
        var gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0) return Groups(text, endsInV4: true, out var all) is 8 ? all : null;
        if (Groups(text[..gap], endsInV4: false, out var head) is not { } before || Groups(text[(gap + 2)..], endsInV4: true, out var tail) is not { } after) return null;
        return before + after <= 7 ? head << 16 * (8 - before) | tail : null;
    }

    // How many groups of 16 bits there are, or null if the text is malformed.
    private static int? Groups(ReadOnlySpan<char> text, bool endsInV4, out UInt128 value)
    {
        value = 0;
        var count = 0;
        if (text.IsEmpty) return 0;
        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            if (endsInV4 && range.End.Value == text.Length && group.Contains('.'))
            {
                if (ParseV4(group) is not { } v4) return null;
                value = value << 32 | v4;
                count += 2;
                continue;
            }
            if (group.Length > 4 || ++count > 8 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)) return null;
            value = value << 16 | number;
        }
        return count;
    }
}

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Addresses that begin with the same bits.</summary>
/// <param name="Network">The bits, followed by zeros; IPv4 as IPv4-mapped IPv6.</param>
/// <param name="PrefixLength">0 to 128; of IPv4 96 and more.</param>
internal readonly record struct AddressRange(UInt128 Network, int PrefixLength)
{
    /// <summary>The range that an address is in.</summary>
    public static AddressRange Of(UInt128 address, int prefixLength) => new(address & Mask(prefixLength), prefixLength);

    // A short IPv6 prefix such as ::/0 would otherwise cover all of IPv4, whose form as IPv6 is our own doing.
    /// <summary>Whether an address lies in the range; no IPv6 range covers IPv4 addresses.</summary>
    public bool Contains(UInt128 address) =>
        (address & Mask(PrefixLength)) == Network && SourceAddress.IsV4(address) == SourceAddress.IsV4(Network);

    private static UInt128 Mask(int prefixLength) => prefixLength == 0 ? UInt128.Zero : UInt128.MaxValue << 128 - prefixLength;
}

using System.Buffers.Text;
using System.Text;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>Where a page of a list begins: behind the last entry of the page before it, whether that is still there or not. Markers say it as Base64Url.</summary>
internal static class RamMarker
{
    // Twice the longest name: nothing else is in a marker.
    private const int MaxLength = 2 * RamNames.MaxPolicyLength;

    /// <summary>Behind which entry a page begins; nothing for the first one.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.InvalidRamParameter"/>: no such marker was given out, or the page has no or too many entries.</exception>
    public static string After(MarkerRequest page)
    {
        if (page is not { MaxItems: >= 1 and <= MarkerRequest.MaxMaxItems }) throw RamErrors.Invalid("MaxItems", $"MaxItems is from 1 to {MarkerRequest.MaxMaxItems}.");
        return page.Marker is null ? "" : Decode(page.Marker) ?? throw RamErrors.Invalid("Marker", "The Marker is none that a list gave.");
    }

    /// <summary>A page of the entries behind the last one, of which one more than wanted was read if there are as many.</summary>
    public static (T[] Page, string? Marker) Cut<T>(List<T> entries, MarkerRequest page, Func<T, string> place)
    {
        if (entries.Count <= page.MaxItems) return ([.. entries], null);
        return ([.. entries.Take(page.MaxItems)], Base64Url.EncodeToString(Encoding.ASCII.GetBytes(place(entries[page.MaxItems - 1]))));
    }

    private static string? Decode(string marker)
    {
        if (marker.Length is 0 or > MaxLength || !Base64Url.IsValid(marker)) return null;
        var bytes = Base64Url.DecodeFromChars(marker);
        return Array.TrueForAll(bytes, b => b is >= 0x20 and < 0x7f) ? Encoding.ASCII.GetString(bytes) : null;
    }
}

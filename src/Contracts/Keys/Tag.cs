using System.Globalization;
using System.Text;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>A tag of a CMK.</summary>
/// <param name="Key">1 to <see cref="MaxKeyLength"/> letters, digits and <c>_ - . + = @ : / \</c>; not beginning with <c>aliyun</c> or <c>acs:</c>.</param>
/// <param name="Value">0 to <see cref="MaxValueLength"/> of the same characters.</param>
[GenerateSerializer, Immutable, Alias("kms.tag")]
public sealed record Tag([property: Id(0)] string Key, [property: Id(1)] string Value)
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxKeyLength = 128;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValueLength = 256;

    /// <summary>The most tags in one call.</summary>
    public const int MaxPerCall = 20;

    /// <summary>Whether a text can be a tag's key.</summary>
    public static bool IsKey(string? text) =>
        text is { Length: > 0 and <= MaxKeyLength } && IsText(text)
        && !text.StartsWith("aliyun", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("acs:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text can be a tag's value.</summary>
    public static bool IsValue(string? text) => text is { Length: <= MaxValueLength } && IsText(text);

    /// <summary>Refuses tags that are malformed, too many, or of which two have one key.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.InvalidParameter"/> (too many), <see cref="KmsErrorCode.InvalidTagKey"/>, <see cref="KmsErrorCode.InvalidTagValue"/>, <see cref="KmsErrorCode.DuplicateTagKey"/>.
    /// </exception>
    public static void CheckAll(IReadOnlyCollection<Tag> tags)
    {
        if (tags is not { Count: <= MaxPerCall }) throw KmsException.InvalidParameter("Tags");
        foreach (var tag in tags)
        {
            if (!IsKey(tag?.Key)) throw new KmsException(KmsErrorCode.InvalidTagKey);
            if (!IsValue(tag!.Value)) throw new KmsException(KmsErrorCode.InvalidTagValue);
        }
        if (tags.DistinctBy(tag => tag.Key).Count() != tags.Count) throw new KmsException(KmsErrorCode.DuplicateTagKey);
    }

    private static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // Many scripts write letters with combining marks.
            var isLetter = Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!isLetter && !(rune.IsAscii && "_-.+=@:/\\".Contains((char)rune.Value, StringComparison.Ordinal))) return false;
        }
        return true;
    }
}

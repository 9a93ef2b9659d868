using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Listing;

/// <summary>Which tags are wanted.</summary>
/// <param name="KeyIds">Only those of these CMKs; none given means of all.</param>
/// <param name="Tags">Only those of CMKs that carry every one of these; a tag with a null value asks for its key only.</param>
/// <param name="NextToken">Where the last page ended; null for the first one.</param>
[GenerateSerializer, Immutable, Alias("kms.tag-query")]
public sealed record TagQuery([property: Id(0)] Guid[] KeyIds, [property: Id(1)] TagCondition[] Tags, [property: Id(2)] string? NextToken)
{
    /// <summary>The most rows per page.</summary>
    public const int PageSize = 200;

    /// <summary>The most CMKs in one call.</summary>
    public const int MaxResources = 50;

    /// <summary>The longest token, in characters.</summary>
    public const int MaxTokenLength = 1024;

    /// <summary>Refuses a query that names too much.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>; <see cref="KmsErrorCode.DuplicateTagKey"/>.</exception>
    public TagQuery Checked()
    {
        if (KeyIds is not { Length: <= MaxResources }) throw KmsException.InvalidParameter("ResourceId");
        if (Tags is not { Length: <= Tag.MaxPerCall } || Tags.Any(tag => !Tag.IsKey(tag?.Key))) throw KmsException.InvalidParameter("Tag");
        if (Tags.DistinctBy(tag => tag.Key).Count() != Tags.Length) throw new KmsException(KmsErrorCode.DuplicateTagKey);
        if (NextToken is { Length: > MaxTokenLength }) throw KmsException.InvalidParameter("NextToken");
        return this;
    }
}

/// <summary>What a CMK has to carry.</summary>
/// <param name="Key">The tag's key.</param>
/// <param name="Value">The tag's value; null for any.</param>
[GenerateSerializer, Immutable, Alias("kms.tag-condition")]
public sealed record TagCondition([property: Id(0)] string Key, [property: Id(1)] string? Value);

/// <summary>One page of tags.</summary>
/// <param name="Tags">By CMK, in order of its creation, then by key.</param>
/// <param name="NextToken">Opaque; null if this is the last page.</param>
[GenerateSerializer, Immutable, Alias("kms.tag-page")]
public sealed record TagPage([property: Id(0)] ResourceTag[] Tags, [property: Id(1)] string? NextToken);

/// <summary>One tag of one CMK.</summary>
/// <param name="KeyId">The CMK.</param>
/// <param name="Tag">Its tag.</param>
[GenerateSerializer, Immutable, Alias("kms.resource-tag")]
public sealed record ResourceTag([property: Id(0)] Guid KeyId, [property: Id(1)] Tag Tag);

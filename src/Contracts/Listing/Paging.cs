using Orleans.Kms.Errors;

namespace Orleans.Kms.Listing;

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">Rows per page, 1 to <see cref="MaxSize"/>.</param>
[GenerateSerializer, Immutable, Alias("kms.page-request")]
public sealed record PageRequest([property: Id(0)] int Number, [property: Id(1)] int Size)
{
    /// <summary>The page that a caller gets who names none.</summary>
    public const int DefaultNumber = 1;

    /// <summary>The size that a caller gets who names none.</summary>
    public const int DefaultSize = 10;

    /// <summary>The most rows per page.</summary>
    public const int MaxSize = 100;

    /// <summary>Refuses a page that cannot be.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/> naming <c>PageNumber</c> or <c>PageSize</c>.</exception>
    public static PageRequest Check(PageRequest? page)
    {
        if (page is not { Number: >= 1 }) throw KmsException.InvalidParameter("PageNumber");
        return page.Size is >= 1 and <= MaxSize ? page : throw KmsException.InvalidParameter("PageSize");
    }
}

/// <summary>One page of an account's CMKs.</summary>
/// <param name="Keys">In order of creation.</param>
/// <param name="TotalCount">How many CMKs the account has.</param>
[GenerateSerializer, Immutable, Alias("kms.key-page")]
public sealed record KeyPage([property: Id(0)] ListedKey[] Keys, [property: Id(1)] int TotalCount);

/// <summary>One row of a list of CMKs.</summary>
/// <param name="KeyId">UUID of the CMK.</param>
/// <param name="Arn">Its resource name.</param>
[GenerateSerializer, Immutable, Alias("kms.listed-key")]
public sealed record ListedKey([property: Id(0)] Guid KeyId, [property: Id(1)] string Arn);

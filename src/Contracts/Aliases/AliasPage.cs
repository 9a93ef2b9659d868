namespace Orleans.Kms.Aliases;

/// <summary>One page of a list of aliases.</summary>
/// <param name="Aliases">In order of creation.</param>
/// <param name="TotalCount">How many aliases the whole list has.</param>
[GenerateSerializer, Immutable, Alias("kms.alias-page")]
public sealed record AliasPage([property: Id(0)] ListedAlias[] Aliases, [property: Id(1)] int TotalCount);

/// <summary>One row of a list of aliases.</summary>
/// <param name="Name">With its prefix <c>alias/</c>.</param>
/// <param name="Arn">Its resource name.</param>
/// <param name="KeyId">The CMK that it points to.</param>
[GenerateSerializer, Immutable, Alias("kms.listed-alias")]
public sealed record ListedAlias([property: Id(0)] string Name, [property: Id(1)] string Arn, [property: Id(2)] Guid KeyId);

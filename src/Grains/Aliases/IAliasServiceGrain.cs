namespace Orleans.Kms.Grains.Aliases;

/// <summary>The side of an alias grain that only the service itself calls; the grain key is that of <see cref="Kms.Aliases.IAliasGrain"/>.</summary>
[Alias("kms.alias-service")]
internal interface IAliasServiceGrain : IGrainWithStringKey
{
    /// <summary>Makes the index tell what is durable; whether there is the alias.</summary>
    [Alias("settle")]
    Task<bool> Settle();

    /// <summary>Removes the alias, if it points to that CMK, which was destroyed.</summary>
    [Alias("drop")]
    Task Drop(Guid keyId);
}

namespace Orleans.Kms.Grains.Access;

/// <summary>The side of an access key grain that only the service itself calls; the grain key is the access key id.</summary>
[Alias("kms.access-key-service")]
internal interface IAccessKeyServiceGrain : IGrainWithStringKey
{
    /// <summary>Makes the access key; durable when this returns.</summary>
    /// <param name="accountId">16 digits.</param>
    /// <param name="userId">The RAM user that signs with it; null for the account root.</param>
    /// <param name="secret">30 characters as ASCII.</param>
    [Alias("issue")]
    Task Issue(string accountId, string? userId, byte[] secret);

    /// <summary>What is known of the access key, or null if there is no such key.</summary>
    [Alias("state")]
    Task<AccessKeyState?> State();

    /// <summary>Sees to it that its secret can be opened, and is bound to account and user as is usual now. Nothing happens if there is no such key.</summary>
    /// <exception cref="InvalidDataException">It cannot be opened.</exception>
    [Alias("verify")]
    Task Verify();

    /// <summary>Switches the key on or off; durable and in force when this returns. Nothing happens if there is no such key.</summary>
    [Alias("set-active")]
    Task SetActive(bool isActive);

    /// <summary>Removes the key; durable and in force when this returns. Nothing happens if there is no such key.</summary>
    [Alias("remove")]
    Task Remove();
}

/// <summary>What is known of an access key.</summary>
/// <param name="AccountId">16 digits.</param>
/// <param name="UserId">The RAM user that signs with it; null for the account root.</param>
/// <param name="IsActive">Whether it may be used.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="LastUsedAt">When a signature of it was found right last, as far as it is remembered (UTC); null if never.</param>
[GenerateSerializer, Immutable, Alias("kms.access-key-state")]
internal sealed record AccessKeyState(
    [property: Id(0)] string AccountId, [property: Id(1)] string? UserId, [property: Id(2)] bool IsActive, [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset? LastUsedAt);

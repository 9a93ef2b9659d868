namespace Orleans.Kms.Grains.Access;

/// <summary>The side of an access key grain that only the service itself calls; the grain key is the access key id.</summary>
[Alias("kms.access-key-issue")]
internal interface IAccessKeyIssueGrain : IGrainWithStringKey
{
    /// <summary>Makes the access key; durable when this returns.</summary>
    /// <param name="accountId">16 digits.</param>
    /// <param name="principal">The principal that signs with it.</param>
    /// <param name="secret">30 characters as ASCII.</param>
    [Alias("issue")]
    Task Issue(string accountId, string principal, byte[] secret);

    /// <summary>The account of the access key, or null if there is no such key. Opens its secret, to see that it can be used.</summary>
    [Alias("account")]
    Task<string?> Account();
}

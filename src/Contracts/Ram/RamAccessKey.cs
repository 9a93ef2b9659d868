namespace Orleans.Kms.Ram;

/// <summary>An access key of a user or of the account root, without its secret.</summary>
/// <param name="AccessKeyId"><c>LTAI</c> and 20 letters and digits.</param>
/// <param name="IsActive">Whether it may be used.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-access-key")]
public sealed record RamAccessKey([property: Id(0)] string AccessKeyId, [property: Id(1)] bool IsActive, [property: Id(2)] DateTimeOffset CreatedAt);

/// <summary>A new access key, the only time that its secret is told.</summary>
/// <param name="AccessKey">The key.</param>
/// <param name="Secret">30 letters and digits.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-new-access-key")]
public sealed record RamNewAccessKey([property: Id(0)] RamAccessKey AccessKey, [property: Id(1)] string Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{nameof(RamNewAccessKey)} {AccessKey.AccessKeyId}";
}

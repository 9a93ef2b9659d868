namespace Orleans.Kms.Grains.Access;

/// <summary>The two kinds of access key ids.</summary>
internal static class AccessKeyId
{
    /// <summary>What the ids of temporary credentials begin with.</summary>
    public const string TemporaryPrefix = "STS.";

    /// <summary>Whether the id is that of temporary credentials, which come with a security token.</summary>
    public static bool IsTemporary(string accessKeyId) => accessKeyId.StartsWith(TemporaryPrefix, StringComparison.Ordinal);
}

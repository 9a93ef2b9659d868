namespace Orleans.Kms.Client;

/// <summary>What calls are signed with: an access key, or temporary credentials of STS.</summary>
/// <param name="accessKeyId">The access key's id.</param>
/// <param name="accessKeySecret">Its secret. Never logged.</param>
/// <param name="securityToken">What came with temporary credentials; null for an access key. Never logged.</param>
public sealed class KmsCredentials(string accessKeyId, string accessKeySecret, string? securityToken = null)
{
    /// <summary>The access key's id.</summary>
    public string AccessKeyId { get; } = accessKeyId;

    /// <summary>What came with temporary credentials; null for an access key.</summary>
    public string? SecurityToken { get; } = securityToken;

    internal string AccessKeySecret { get; } = accessKeySecret;

    /// <summary>The id only.</summary>
    public override string ToString() => $"{nameof(KmsCredentials)} {AccessKeyId}";
}

using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>One question to the policies. What is null or empty is absent from the request.</summary>
internal readonly record struct AccessRequest
{
    /// <summary>For example <c>kms:Encrypt</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The full ARN; for RAM and STS with <c>*</c> as region: <c>acs:ram:*:1000000000000001:user/alice</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>The caller, <c>acs:ram::1000000000000001:user/alice</c>; feeds <c>acs:PrincipalARN</c>.</summary>
    public required string PrincipalArn { get; init; }

    /// <summary>The service's clock; feeds <c>acs:CurrentTime</c>.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The caller's address, IPv4 as IPv4-mapped IPv6 (see <see cref="Policies.SourceAddress"/>); feeds <c>acs:SourceIp</c>.</summary>
    public UInt128? SourceAddress { get; init; }

    /// <summary>Whether the request came over TLS; feeds <c>acs:SecureTransport</c>.</summary>
    public bool SecureTransport { get; init; }

    /// <summary>Tags of the resource; feed <c>kms:tag/KEY</c> and <c>acs:ResourceTag/KEY</c>.</summary>
    public IReadOnlyList<Tag>? ResourceTags { get; init; }

    /// <summary>Tags in the request; feed <c>acs:RequestTag/KEY</c>.</summary>
    public IReadOnlyList<Tag>? RequestTags { get; init; }

    /// <summary>For example <c>SYMMETRIC_DEFAULT</c>; feeds <c>kms:EncryptionAlgorithm</c>.</summary>
    public string? EncryptionAlgorithm { get; init; }

    /// <summary>Feeds <c>kms:EncryptionContext:KEY</c>.</summary>
    public EncryptionContext? EncryptionContext { get; init; }

    /// <summary>Feeds <c>sts:ExternalId</c>.</summary>
    public string? ExternalId { get; init; }
}

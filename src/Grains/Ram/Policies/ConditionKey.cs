using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>Where a condition finds the request's value. Keys of services that are not at home here, such as <c>oss:Prefix</c>, are absent from every request.</summary>
internal sealed class ConditionKey
{
    private enum Source
    {
        Absent, CurrentTime, SourceIp, SecureTransport, MfaPresent, PrincipalArn, ResourceTag, RequestTag, EncryptionAlgorithm, EncryptionContext, ExternalId,
    }

    private static readonly Dictionary<string, Source> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["acs:CurrentTime"] = Source.CurrentTime,
        ["acs:SourceIp"] = Source.SourceIp,
        ["acs:SecureTransport"] = Source.SecureTransport,
        ["acs:MFAPresent"] = Source.MfaPresent,
        ["acs:PrincipalARN"] = Source.PrincipalArn,
        ["acs:SourceVpc"] = Source.Absent,
        ["acs:VpcSourceIp"] = Source.Absent,
        ["kms:EncryptionAlgorithm"] = Source.EncryptionAlgorithm,
        ["sts:ExternalId"] = Source.ExternalId,
    };

    // What follows is the name of a tag or of an entry of the encryption context, in which letter case matters.
    private static readonly (string Text, Source Source)[] Prefixes =
    [
        ("acs:ResourceTag/", Source.ResourceTag), ("acs:RequestTag/", Source.RequestTag), ("kms:tag/", Source.ResourceTag), ("kms:EncryptionContext:", Source.EncryptionContext),
    ];

    private static readonly string[] KnownServices = ["acs", "kms", "sts"];

    private readonly Source _source;
    private readonly string _entry;

    private ConditionKey(Source source, string entry)
    {
        _source = source;
        _entry = entry;
    }

    /// <summary>Whether the value is the service's clock.</summary>
    public bool IsCurrentTime => _source == Source.CurrentTime;

    /// <summary>Whether the value is the caller's address.</summary>
    public bool IsSourceIp => _source == Source.SourceIp;

    /// <summary>What has to be prepared for this key.</summary>
    public RequestNeeds Needs => _source switch
    {
        Source.SourceIp => RequestNeeds.SourceAddress,
        Source.RequestTag => RequestNeeds.RequestTags,
        Source.EncryptionAlgorithm => RequestNeeds.EncryptionAlgorithm,
        Source.EncryptionContext => RequestNeeds.EncryptionContext,
        _ => RequestNeeds.None,
    };

    /// <summary>The key of that name, or null if a service that is at home here has no such key.</summary>
    public static ConditionKey? Parse(string name)
    {
        if (Names.TryGetValue(name, out var source)) return new(source, "");
        foreach (var prefix in Prefixes)
        {
            if (name.Length > prefix.Text.Length && name.StartsWith(prefix.Text, StringComparison.OrdinalIgnoreCase)) return new(prefix.Source, name[prefix.Text.Length..]);
        }
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var isForeign = colon > 0 && colon < name.Length - 1 && !KnownServices.Contains(name[..colon], StringComparer.OrdinalIgnoreCase);
        return isForeign ? new(Source.Absent, "") : null;
    }

    /// <summary>The request's value as text; null if it is absent, or is the clock or the address.</summary>
    public string? Text(in AccessRequest request) => _source switch
    {
        Source.SecureTransport => request.SecureTransport ? "true" : "false",
        // Access keys sign without a second factor.
        Source.MfaPresent => "false",
        Source.PrincipalArn => Given(request.PrincipalArn),
        Source.ResourceTag => TagOf(request.ResourceTags),
        Source.RequestTag => TagOf(request.RequestTags),
        Source.EncryptionAlgorithm => Given(request.EncryptionAlgorithm),
        Source.EncryptionContext => EntryOf(request.EncryptionContext),
        Source.ExternalId => Given(request.ExternalId),
        _ => null,
    };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private string? TagOf(IReadOnlyList<Tag>? tags)
    {
        for (var i = 0; i < tags?.Count; i++)
        {
            // Those of a direct caller are not checked yet: one may be null.
            if (tags[i]?.Key == _entry) return tags[i].Value;
        }
        return null;
    }

    private string? EntryOf(EncryptionContext? context)
    {
        for (var i = 0; i < context?.Pairs.Count; i++)
        {
            if (context.Pairs[i].Key == _entry) return context.Pairs[i].Value;
        }
        return null;
    }
}

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>
/// What Resource lists: <c>acs:service:region:account:relative-id</c> with wildcards, of which one at the end may stand for the parts that are missing, or <c>*</c>.
/// Of resources of RAM, STS and ActionTrail, whose region is always <c>*</c>, the region is ignored: policies are written with that as well as with nothing there.
/// </summary>
internal sealed class ResourcePattern
{
    private const int Parts = 5;
    private static readonly string[] Regionless = ["ram", "sts", "actiontrail"];
    private static readonly string[] RegionlessPrefixes = [.. Regionless.Select(service => $"acs:{service}:")];

    /// <summary>The pattern that matches every resource.</summary>
    public static readonly ResourcePattern Any = new("*", "*");

    private readonly WildcardPattern _regional;
    private readonly WildcardPattern _regionless;

    private ResourcePattern(string regional, string regionless)
    {
        _regional = new(regional, ignoreCase: false);
        _regionless = regional == regionless ? _regional : new(regionless, ignoreCase: false);
    }

    /// <summary>The pattern, or null if the text is malformed.</summary>
    public static ResourcePattern? Parse(string text)
    {
        if (text == "*") return Any;
        var parts = text.Split(':', Parts);
        if (parts[0] != "acs" || parts.Length < 2 || parts[1].Length == 0 || text.Any(char.IsControl)) return null;
        if (parts.Length < Parts ? !text.EndsWith('*') : parts[^1].Length == 0) return null;
        if (parts.Length < 3 || !NamesRegionless(parts[1])) return new(text, text);
        // One character takes the region's place, and nothing beside: a star would also run over the account where a pattern has forgotten a part.
        parts[2] = parts[2].Contains('*', StringComparison.Ordinal) ? "*" : "?";
        return new(text, string.Join(':', parts));
    }

    /// <summary>Whether a resource is one of those described.</summary>
    public bool Matches(string resource) => _regional.Matches(resource) || !ReferenceEquals(_regional, _regionless) && IsRegionless(resource) && _regionless.Matches(resource);

    private static bool NamesRegionless(string service)
    {
        var pattern = new WildcardPattern(service, ignoreCase: false);
        return Regionless.Any(name => pattern.Matches(name));
    }

    private static bool IsRegionless(string resource)
    {
        foreach (var prefix in RegionlessPrefixes)
        {
            if (resource.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}

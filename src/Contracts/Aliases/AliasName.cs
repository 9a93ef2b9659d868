using System.Diagnostics.CodeAnalysis;

namespace Orleans.Kms.Aliases;

/// <summary>
/// The name of an alias: <c>alias/</c> and then 1 to <see cref="MaxLength"/> letters, digits, <c>_</c>, <c>/</c> and <c>-</c> of ASCII. Names that begin with
/// <c>alias/acs</c> are the service's own.
/// </summary>
public static class AliasName
{
    /// <summary>What every name begins with.</summary>
    public const string Prefix = "alias/";

    /// <summary>The longest name, in characters behind the prefix.</summary>
    public const int MaxLength = 255;

    private const string Reserved = Prefix + "acs";

    /// <summary>Whether a text is a name that a user may give.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.StartsWith(Reserved, StringComparison.Ordinal)) return false;
        if (text.Length - Prefix.Length is < 1 or > MaxLength) return false;
        foreach (var c in text.AsSpan(Prefix.Length))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '/' or '-')) return false;
        }
        return true;
    }

    /// <summary>The grain key of an alias, <c>ACCOUNT/alias/NAME</c>.</summary>
    public static string GrainKey(string accountId, string name) => $"{accountId}/{name}";

    /// <summary>Takes a grain key apart again; false for a text that is none.</summary>
    public static bool TryParseGrainKey(string grainKey, [NotNullWhen(true)] out string? accountId, [NotNullWhen(true)] out string? name)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        accountId = slash > 0 ? grainKey[..slash] : null;
        name = slash > 0 ? grainKey[(slash + 1)..] : null;
        return IsValid(name) && accountId is not null;
    }

    /// <summary>The resource name that policies and lists use.</summary>
    public static string Arn(string regionId, string accountId, string name) => $"acs:kms:{regionId}:{accountId}:{name}";
}

using System.Diagnostics.CodeAnalysis;

namespace Orleans.Kms.Keys;

/// <summary>Names of a CMK: its id (a UUID in lower case), its ARN and the key of its grain.</summary>
public static class KeyId
{
    /// <summary>Reads a key id in its one spelling, 36 characters in lower case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && text == id.ToString("D");

    /// <summary>The grain key of a CMK, <c>ACCOUNT/KEYID</c>.</summary>
    public static string GrainKey(string accountId, Guid keyId) => $"{accountId}/{keyId:D}";

    /// <summary>Takes a grain key apart again; false for a text that is none.</summary>
    public static bool TryParseGrainKey(string grainKey, [NotNullWhen(true)] out string? accountId, out Guid keyId)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        accountId = slash > 0 ? grainKey[..slash] : null;
        keyId = default;
        return accountId is not null && TryParse(grainKey[(slash + 1)..], out keyId);
    }

    /// <summary>The resource name that policies and metadata use.</summary>
    public static string Arn(string regionId, string accountId, Guid keyId) => $"acs:kms:{regionId}:{accountId}:key/{keyId:D}";
}

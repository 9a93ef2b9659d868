using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>The end of a root key.</summary>
internal static class Retirement
{
    /// <summary>Why a root key must not be retired; null if it may.</summary>
    /// <param name="version">The root key.</param>
    /// <param name="inUse">The one that wraps the service key.</param>
    /// <param name="census">What was found in the database.</param>
    public static string? Refusal(int version, int inUse, RootKeyCensus census)
    {
        var label = KeyTemplate.RootKeyLabel(version);
        if (version == inUse) return $"{label} is in use: it wraps the service key. Add a root key and run kms-admin rewrap first.";
        if (census.Failures.Count > 0) return $"{census.Failures.Count} records cannot be read, so nobody knows which root key they need, the first: {census.Failures[0]} Run kms-admin verify --deep.";
        return census.ByRootKey.TryGetValue(version, out var count)
            ? $"{count} key version{(count == 1 ? " is" : "s are")} wrapped under {label} still: run kms-admin rewrap first."
            : census.OfTrail == version ? $"The key of the trail is wrapped under {label} still: run kms-admin rewrap first." : null;
    }

    /// <summary>Destroys the root key in every token, unless it must not be.</summary>
    /// <exception cref="StartupException">It must not, or there is none.</exception>
    public static string Retire(RootKeyTokens tokens, int version, int inUse, RootKeyCensus census)
    {
        if (Refusal(version, inUse, census) is { } refusal) throw new StartupException(refusal);
        if (!tokens.Destroy(version)) throw new StartupException($"The token holds no {KeyTemplate.RootKeyLabel(version)}.");
        return $"{KeyTemplate.RootKeyLabel(version)} is destroyed";
    }
}

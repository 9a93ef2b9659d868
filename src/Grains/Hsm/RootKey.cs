namespace Orleans.Kms.Grains.Hsm;

/// <summary>The root key: AES-256 in the token, wraps everything, is versioned.</summary>
internal static class RootKey
{
    /// <summary>The version under which new keys are wrapped.</summary>
    public const int Newest = 1;
}

namespace Orleans.Kms.Grains;

/// <summary>Names of storage providers that the silo registers.</summary>
internal static class StorageNames
{
    /// <summary>Where grain state goes.</summary>
    public const string Grains = "kms";
}

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>What the conditions of policies look at, so that callers prepare no more than that.</summary>
[Flags]
internal enum RequestNeeds
{
    None = 0,
    SourceAddress = 1,
    RequestTags = 2,
    EncryptionAlgorithm = 4,
    EncryptionContext = 8,
}

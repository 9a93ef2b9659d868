namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>What a statement does with the requests that it matches.</summary>
internal enum Effect
{
    Allow,
    Deny,
}

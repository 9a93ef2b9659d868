namespace Orleans.Kms.Grains.Hsm;

/// <summary>The key that seals material of protection level SOFTWARE. One per database; registered once it is known to open under the root key.</summary>
/// <param name="Wrapped">The key as the database holds it.</param>
internal sealed record ServiceKey(WrappedKey Wrapped);

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// The key that seals material of protection level SOFTWARE. One per database; registered once it is known to open under the root key. The root key that wraps it is the
/// one that wraps new material, too. Safe to use from all threads.
/// </summary>
/// <param name="wrapped">The key as the database holds it.</param>
internal sealed class ServiceKey(WrappedKey wrapped)
{
    private volatile WrappedKey _wrapped = wrapped;

    /// <summary>The key as the database holds it now.</summary>
    public WrappedKey Wrapped => _wrapped;

    /// <summary>From now on new material is wrapped under another root key. It is the same key: sessions that hold it unwrapped go on with it.</summary>
    /// <param name="rewrapped">Already durable in the database.</param>
    public void Replace(WrappedKey rewrapped) => _wrapped = rewrapped;
}

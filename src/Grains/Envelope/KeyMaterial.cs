namespace Orleans.Kms.Grains.Envelope;

/// <summary>The material of one key version, ready for use. Not thread safe: it belongs to a key grain.</summary>
internal abstract class KeyMaterial(Guid keyVersionId) : IDisposable
{
    /// <summary>The version that this is the material of.</summary>
    public Guid KeyVersionId { get; } = keyVersionId;

    /// <summary>Ends the use of the material and wipes what is in memory of it.</summary>
    public abstract void Dispose();
}

namespace Orleans.Kms.Grains.Trail;

/// <summary>A grain that makes changes durable, and can tell of each whether it did.</summary>
[Alias("kms.changing")]
internal interface IChangingGrain : IGrainWithStringKey
{
    /// <summary>Whether a change that it wrote an intent of took place. Not asked while the change may still be under way.</summary>
    /// <param name="change">The change.</param>
    /// <param name="clears">Whether it removes the grain's state.</param>
    [Alias("took-place")]
    Task<bool> TookPlace(Guid change, bool clears);
}

using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Lets all tokens of a silo keep what of the trail is kept outside the database. Keys as of <see cref="IHsmWorkerGrain"/>.</summary>
[Alias("kms.hsm-anchor")]
internal interface IHsmAnchorGrain : IGrainWithIntegerKey
{
    /// <summary>Has every token keep a checkpoint; gives those that did not.</summary>
    /// <param name="owner">Whose trail it is.</param>
    /// <param name="checkpoint">As <see cref="SignedCheckpoint.ToBytes"/> gives it.</param>
    [Alias("keep-anchor")]
    ValueTask<AnchorFailure[]> KeepAnchor(string owner, [Immutable] byte[] checkpoint);
}

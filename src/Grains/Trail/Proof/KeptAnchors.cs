namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>The checkpoints that were found outside the database when the process started.</summary>
internal sealed record KeptAnchors(IReadOnlyList<SignedCheckpoint> Found);

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>All that decides what a CMK answers: its state, and whether it has material while it waits for its deletion.</summary>
internal enum KeyPhase
{
    Enabled,
    Disabled,
    PendingDeletion,
    PendingDeletionWithoutMaterial,
    PendingImport,
}

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>Whose clocks can be put.</summary>
internal enum MovableClocks
{
    /// <summary>That of the last silo.</summary>
    OneSilo,

    /// <summary>Those of all silos and gateways.</summary>
    All,
}

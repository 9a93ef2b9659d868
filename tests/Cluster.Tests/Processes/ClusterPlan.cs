namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>How a cluster is to be.</summary>
/// <param name="Silos">How many silos.</param>
/// <param name="Gateways">How many gateways.</param>
/// <param name="Clocks">Whose clocks can be put.</param>
internal sealed record ClusterPlan(int Silos = 3, int Gateways = 2, MovableClocks Clocks = MovableClocks.OneSilo);

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>How many processes a cluster has.</summary>
internal sealed record ClusterPlan(int Silos = 3, int Gateways = 2);

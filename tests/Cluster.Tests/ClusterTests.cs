namespace Orleans.Kms.Cluster.Tests;

/// <summary>Tests with a cluster: one at a time, the machine is busy enough.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests
{
    public const string Name = "clusters";
}

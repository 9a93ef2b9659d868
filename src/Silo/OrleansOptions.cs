using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Silo;

/// <summary>Ports of Orleans itself: on loopback, or in a cluster at <c>Kms:Cluster:Address</c>. Bound from <c>Kms:Orleans</c>.</summary>
internal sealed class OrleansOptions
{
    /// <summary>Where silos meet in a cluster, if nothing else is set.</summary>
    public const int ClusterSiloPort = 11111;

    /// <summary>Where gateways and applications join a cluster, if nothing else is set.</summary>
    public const int ClusterGatewayPort = 30000;

    /// <summary>Where silos meet. Default 0: any free port for a silo alone, which needs none in particular.</summary>
    [Range(0, 65535)]
    public int SiloPort { get; set; }

    /// <summary>Where gateways and direct grain callers join. Default 0: nowhere for a silo alone.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; set; }
}

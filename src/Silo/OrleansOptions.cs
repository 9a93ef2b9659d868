using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Silo;

/// <summary>Ports of Orleans itself on loopback, bound from <c>Kms:Orleans</c>.</summary>
internal sealed class OrleansOptions
{
    /// <summary>Where silos meet. Default 0: any free port, for a silo alone needs none in particular.</summary>
    [Range(0, 65535)]
    public int SiloPort { get; set; }

    /// <summary>Where direct grain callers join. Default 0: nowhere.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; set; }
}

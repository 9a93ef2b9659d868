using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>Where operators look, apart from the API: <c>/healthz</c> and <c>/readyz</c>. Bound from <c>Kms:Monitoring</c>.</summary>
internal sealed class MonitoringOptions
{
    /// <summary>The port where there is a cluster and none is set.</summary>
    public const int ClusterPort = 9080;

    /// <summary>The address to listen on. Default <c>127.0.0.1</c>: this machine only.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on. Default 0: none for a process alone, <see cref="ClusterPort"/> in a cluster.</summary>
    [Range(0, 65535, ErrorMessage = "Kms:Monitoring:Port is from 0 to 65535")]
    public int Port { get; set; }
}

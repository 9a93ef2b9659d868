using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Orleans.Kms.Gateway.Hosting;

/// <summary>Where operators look, apart from the API: <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>, over plain HTTP without authentication. Bound from <c>Kms:Monitoring</c>.</summary>
internal sealed class MonitoringOptions : IValidatableObject
{
    /// <summary>The port where there is a cluster and none is set.</summary>
    public const int ClusterPort = 9080;

    /// <summary>The address to listen on. Default <c>127.0.0.1</c>: this machine only.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on. Default 0: none, and nothing is measured, for a process alone, <see cref="ClusterPort"/> in a cluster.</summary>
    [Range(0, 65535, ErrorMessage = "Kms:Monitoring:Port is from 0 to 65535")]
    public int Port { get; set; }

    /// <summary>Whether a silo shows the Orleans Dashboard there, at <c>/dashboard/</c>. Default false.</summary>
    public bool Dashboard { get; set; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out _)) yield return new($"Kms:Monitoring:Address {Address} is no IP address");
        if (Dashboard && Port == 0) yield return new("Kms:Monitoring:Dashboard needs Kms:Monitoring:Port");
    }
}

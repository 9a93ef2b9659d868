using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Gateway.Cluster;

/// <summary>Settings of what silos and gateways of one cluster have in common, bound from <c>Kms:Cluster</c>.</summary>
internal sealed class ClusterOptions : IValidatableObject
{
    /// <summary>The service's name for Orleans: part of what grain state and reminders are found by, and so the same for ever.</summary>
    public const string ServiceId = "kms";

    /// <summary>The cluster's name, Orleans' ClusterId. Default <c>kms</c>.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,64}$", ErrorMessage = "Kms:Cluster:Id is 1 to 64 of letters, digits, '.', '_' and '-'")]
    public string Id { get; set; } = "kms";

    /// <summary>The name of this silo, which no other has and which stays when it is started again: its chain of the trail goes by it. Default the host's name.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,64}$", ErrorMessage = "Kms:Cluster:SiloName is 1 to 64 of letters, digits, '.', '_' and '-'")]
    public string SiloName { get; set; } = Environment.MachineName;

    /// <summary>The IP address at which other processes reach this silo. Default <c>127.0.0.1</c>: all are on this machine.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Whether it runs in Kubernetes, which then names silo, cluster and address, and tells which pods there are. Default false.</summary>
    public bool Kubernetes { get; set; }

    /// <summary>Certificates of Orleans' own connections.</summary>
    public ClusterTlsOptions Tls { get; } = new();

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!System.Net.IPAddress.TryParse(Address, out _)) yield return new($"Kms:Cluster:Address {Address} is no IP address");
    }
}

/// <summary>PEM files for mutual TLS between silos, gateways and direct grain callers, bound from <c>Kms:Cluster:Tls</c>. A file that is replaced counts from the next connection on.</summary>
internal sealed class ClusterTlsOptions
{
    /// <summary>This process's certificate. That of a silo has the DNS name <see cref="ClusterTls.SiloDnsName"/>; no other has it.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>Its private key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The authorities whose certificates are accepted, and certificates between them and those of the processes. They should be this cluster's own: whoever has one of their certificates may connect.</summary>
    public string AuthorityFile { get; set; } = "";
}

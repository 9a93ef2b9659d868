using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains;

/// <summary>Settings of the service as a whole, bound from <c>Kms</c>.</summary>
internal sealed class KmsOptions
{
    /// <summary>The region of this cluster; part of every resource name. Default <c>local-1</c>.</summary>
    [Required, RegularExpression("^[a-z0-9]+(-[a-z0-9]+)*$"), MaxLength(64)]
    public string RegionId { get; set; } = "local-1";

    /// <summary>
    /// Whether material of level HSM may be imported by algorithms that the token lacks, and so be in this process's memory for a moment. Default false; the CMK's metadata tells it.
    /// </summary>
    public bool AllowImportOutsideHsm { get; set; }

    /// <summary>How much an account may have.</summary>
    public Quotas.QuotaOptions Quotas { get; } = new();
}

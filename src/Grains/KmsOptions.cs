using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains;

/// <summary>Settings of the service as a whole, bound from <c>Kms</c>.</summary>
internal sealed class KmsOptions
{
    /// <summary>The region of this cluster; part of every resource name. Default <c>local-1</c>.</summary>
    [Required, RegularExpression(RegionOptions.IdPattern), MaxLength(RegionOptions.MaxIdLength)]
    public string RegionId { get; set; } = "local-1";

    /// <summary>
    /// Whether material of level HSM may be imported by algorithms that the token lacks, and so be in this process's memory for a moment. Default false; the CMK's metadata tells it.
    /// </summary>
    public bool AllowImportOutsideHsm { get; set; }

    /// <summary>All regions of the service, this one among them. Default none: there is this one alone, with HSM.</summary>
    public IReadOnlyList<RegionOptions> Regions { get; set; } = [];

    /// <summary>The ids of all regions.</summary>
    public IReadOnlyList<string> RegionIds => Regions.Count == 0 ? [RegionId] : [.. Regions.Select(region => region.Id)];

    /// <summary>The file with the root keys where there is no PKCS#11 module. Default none: they are in a token.</summary>
    public string RootKeyFile { get; set; } = "";

    /// <summary>Whether the root keys are in a token.</summary>
    public bool HasToken => RootKeyFile.Length == 0;

    /// <summary>Whether CMKs of protection level HSM can be made here.</summary>
    public bool OffersHsm => HasToken && (Regions.Count == 0 || Regions.Any(region => region.Id == RegionId && region.Hsm));

    /// <summary>How much an account may have.</summary>
    public Quotas.QuotaOptions Quotas { get; } = new();

    /// <summary>How many requests may fail authentication.</summary>
    public Access.AuthenticationOptions Authentication { get; } = new();

    /// <summary>How much of RAM an account may have.</summary>
    public Ram.RamOptions Ram { get; } = new();

    /// <summary>The trail.</summary>
    public Trail.TrailOptions Trail { get; } = new();
}

using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains;

/// <summary>One region of the service, an element of <c>Kms:Regions</c>.</summary>
internal sealed class RegionOptions
{
    /// <summary>What an id looks like.</summary>
    public const string IdPattern = "^[a-z0-9]+(-[a-z0-9]+)*$";

    /// <summary>The longest id.</summary>
    public const int MaxIdLength = 64;

    private const string Malformed = "Kms:Regions: Id is of a-z and 0-9, with single hyphens between them, up to 64 characters";

    /// <summary>Its id.</summary>
    [Required(ErrorMessage = Malformed), RegularExpression(IdPattern, ErrorMessage = Malformed), MaxLength(MaxIdLength, ErrorMessage = Malformed)]
    public string Id { get; set; } = "";

    /// <summary>Whether CMKs of protection level HSM can be made there. Default true. Those that there are already work in any case.</summary>
    public bool Hsm { get; set; } = true;
}

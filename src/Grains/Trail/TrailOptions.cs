using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Settings of the trail, bound from <c>Kms:Trail</c>.</summary>
internal sealed class TrailOptions
{
    /// <summary>Whether calls are recorded. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long events are kept, in days. Default 90, for as long as they can be looked up.</summary>
    [Range(1, 3650, ErrorMessage = "Kms:Trail: RetentionDays is from 1 to 3650")]
    public int RetentionDays { get; set; } = 90;

    /// <summary>How often a signed checkpoint is made while there are new events, in seconds. Default 60.</summary>
    [Range(1, 3600, ErrorMessage = "Kms:Trail: CheckpointSeconds is from 1 to 3600")]
    public int CheckpointSeconds { get; set; } = 60;

    /// <summary>The name under which this silo continues its chain after a restart; no two silos of a cluster have the same. Default <c>silo</c>.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,64}$", ErrorMessage = "Kms:Trail: WriterName is 1 to 64 of letters, digits, '.', '_' and '-'")]
    public string WriterName { get; set; } = "silo";
}

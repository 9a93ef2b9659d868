using System.ComponentModel.DataAnnotations;
using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Settings of the trail, bound from <c>Kms:Trail</c>.</summary>
internal sealed class TrailOptions : IValidatableObject
{
    /// <summary>Whether calls are recorded. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long events are kept, in days. Default 90, for as long as they can be looked up.</summary>
    [Range(1, 3650, ErrorMessage = "Kms:Trail: RetentionDays is from 1 to 3650")]
    public int RetentionDays { get; set; } = 90;

    /// <summary>How often a signed checkpoint is made while there are new events, in seconds. Default 60.</summary>
    [Range(1, 3600, ErrorMessage = "Kms:Trail: CheckpointSeconds is from 1 to 3600")]
    public int CheckpointSeconds { get; set; } = 60;

    /// <summary>The writer's name of a silo alone.</summary>
    public const string LoneWriter = "silo";

    /// <summary>The name under which this silo continues its chain after a restart; no two silos of a cluster have the same. Default <see cref="LoneWriter"/>, and in a cluster the silo's name.</summary>
    [Required(ErrorMessage = "Kms:Trail: WriterName is needed"), RegularExpression("^[a-zA-Z0-9._-]{1,64}$", ErrorMessage = "Kms:Trail: WriterName is 1 to 64 of letters, digits, '.', '_' and '-'")]
    public string WriterName { get; set; } = LoneWriter;

    /// <summary>
    /// How often an account may look events up in a second. Default 20: ten times what the cloud service allows, as a lookup is bounded work here and pages have 50 events at most, and still few
    /// enough that nobody's reading gets into the way of the service's writing.
    /// </summary>
    [Range(1, 10_000, ErrorMessage = "Kms:Trail: LookupsPerSecond is from 1 to 10000")]
    public int LookupsPerSecond { get; set; } = 20;

    /// <summary>Trails of an account. Default 5.</summary>
    [Range(0, 1000, ErrorMessage = "Kms:Trail: TrailsPerAccount is from 0 to 1000")]
    public int TrailsPerAccount { get; set; } = 5;

    /// <summary>How long events wait for others before they are delivered, in seconds. Default 60. Many events do not wait.</summary>
    [Range(1, 3600, ErrorMessage = "Kms:Trail: DeliverySeconds is from 1 to 3600")]
    public int DeliverySeconds { get; set; } = 60;

    /// <summary>The buckets that trails may deliver to. Default none.</summary>
    public IReadOnlyList<BucketOptions> Buckets { get; set; } = [];

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => Buckets.SelectMany(bucket => bucket.Faults())
        .Concat(Buckets.GroupBy(bucket => bucket.Name).Where(group => group.Count() > 1).Select(group => $"Kms:Trail:Buckets lists '{group.Key}' more than once"))
        .Select(fault => new ValidationResult(fault));
}

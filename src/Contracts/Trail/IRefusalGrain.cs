using Orleans.Kms.Access;

namespace Orleans.Kms.Trail;

/// <summary>Takes calls that were refused on the way to their grain into the trail; the grain key is the caller's account.</summary>
[Alias("kms.refusal")]
public interface IRefusalGrain : IGrainWithStringKey
{
    /// <summary>Records a refusal, durably.</summary>
    [Alias("record"), AccountMember]
    Task Record(RefusedCall refused);
}

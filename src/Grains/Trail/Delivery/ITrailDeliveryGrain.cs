using Orleans.Concurrency;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>Carries one delivery out, so that of all silos one does; the grain key is the delivery's id.</summary>
[Alias("kms.trail-delivery")]
internal interface ITrailDeliveryGrain : IGrainWithStringKey
{
    /// <summary>Delivers what is due, unless that is being done already.</summary>
    [Alias("deliver"), AlwaysInterleave]
    Task Deliver();
}

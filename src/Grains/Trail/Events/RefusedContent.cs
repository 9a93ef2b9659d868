using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What a call has to tell that was refused on its way to a grain: its parameters as they were sent, as far as they may be recorded.</summary>
internal readonly record struct RefusedContent(RefusedCall Refused) : IEventContent
{
    public void FindResources(EventResources resources) { }

    public void WriteParameters(EventJson json) { }

    public void WriteResponse(EventJson json) { }
}

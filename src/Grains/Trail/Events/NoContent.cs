namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What a request has to tell that was not let in: nobody vouches for what it says.</summary>
internal readonly record struct NoContent : IEventContent
{
    public void FindResources(EventResources resources) { }

    public void WriteParameters(EventJson json) { }

    public void WriteResponse(EventJson json) { }
}

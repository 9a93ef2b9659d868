namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What something that the service does by itself has to tell: what it was done to.</summary>
internal readonly record struct ServiceContent((string Type, string Name)[] Resources) : IEventContent
{
    public void FindResources(EventResources resources)
    {
        foreach (var (type, name) in Resources) resources.Add(type, name);
    }

    public void WriteParameters(EventJson json) { }

    public void WriteResponse(EventJson json) { }
}

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What something that the service does by itself has to tell.</summary>
/// <param name="Resources">What it was done to.</param>
/// <param name="Parameters">With what.</param>
internal readonly record struct ServiceContent((string Type, string Name)[] Resources, (string Name, string Value)[] Parameters) : IEventContent
{
    public void FindResources(EventResources resources)
    {
        foreach (var (type, name) in Resources) resources.Add(type, name);
    }

    public void WriteParameters(EventJson json)
    {
        foreach (var (name, value) in Parameters) json.Text(name, value);
    }

    public void WriteResponse(EventJson json) { }
}

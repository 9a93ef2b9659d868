namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What an event tells of what happened, as opposed to who, when and where.</summary>
internal interface IEventContent
{
    /// <summary>Finds what it is about.</summary>
    void FindResources(EventResources resources);

    /// <summary>Writes the members of <c>requestParameters</c>.</summary>
    void WriteParameters(EventJson json);

    /// <summary>Writes <c>responseElements</c>, if there are any.</summary>
    void WriteResponse(EventJson json);
}

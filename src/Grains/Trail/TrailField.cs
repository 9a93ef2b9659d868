namespace Orleans.Kms.Grains.Trail;

/// <summary>What events can be looked up by. The numbers are stored.</summary>
[GenerateSerializer]
internal enum TrailField : short
{
    /// <summary>Every event of the account.</summary>
    All = 0,
    EventName = 1,
    /// <summary>userIdentity.userName.</summary>
    User = 2,
    /// <summary>userIdentity.principalId.</summary>
    PrincipalId = 3,
    /// <summary>userIdentity.accessKeyId.</summary>
    EventAccessKeyId = 4,
    SourceIpAddress = 5,
    /// <summary>Each of the resources' names by itself.</summary>
    ResourceName = 6,
    EventId = 7,
    /// <summary>The role of a session.</summary>
    RoleName = 8,
    ServiceName = 9,
    EventRW = 10,
    EventType = 11,
    ResourceType = 12,
}

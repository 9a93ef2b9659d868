using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>One of the services whose actions are recorded, as events name it.</summary>
internal sealed class EventService
{
    private EventService(string name, string apiVersion, bool isGlobal)
    {
        Name = name;
        EncodedName = JsonEncodedText.Encode(name);
        ApiVersion = JsonEncodedText.Encode(apiVersion);
        IsGlobal = isGlobal;
    }

    /// <summary>The service itself, key management.</summary>
    public static EventService Kms { get; } = new("Kms", "2016-01-20", isGlobal: false);

    private static readonly EventService Ram = new("Ram", "2015-05-01", isGlobal: true);
    private static readonly EventService Sts = new("Sts", "2015-04-01", isGlobal: true);
    private static readonly EventService ActionTrail = new("Actiontrail", "2020-07-06", isGlobal: false);

    /// <summary>The value of <c>serviceName</c>.</summary>
    public string Name { get; }

    /// <summary>The value of <c>serviceName</c>, ready to be written.</summary>
    public JsonEncodedText EncodedName { get; }

    /// <summary>The value of <c>apiVersion</c>.</summary>
    public JsonEncodedText ApiVersion { get; }

    /// <summary>Whether its resources are of no region.</summary>
    public bool IsGlobal { get; }

    /// <summary>The service by its name in RAM.</summary>
    public static EventService Of(string ramName) => ramName switch
    {
        "ram" => Ram,
        "sts" => Sts,
        "actiontrail" => ActionTrail,
        _ => Kms,
    };
}

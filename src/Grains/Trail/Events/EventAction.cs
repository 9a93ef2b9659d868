using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Orleans.Kms.Access;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What is the same in all events of one action.</summary>
internal sealed class EventAction
{
    /// <summary>What is told of a call whose action is not known: only who presents no good signature can make one.</summary>
    private static readonly EventAction Unknown = new(EventService.Kms, "Unknown", ActionAccess.Read, "ApiCall");

    private static readonly FrozenDictionary<(string Service, string Name), EventAction> Known = Find();

    private EventAction(EventService service, string name, ActionAccess access, string type)
    {
        var rw = access == ActionAccess.Write ? "Write" : "Read";
        Service = service;
        EncodedName = JsonEncodedText.Encode(name);
        Access = JsonEncodedText.Encode(rw);
        Type = JsonEncodedText.Encode(type);
        Terms = [.. Kept((TrailField.EventName, name), (TrailField.ServiceName, service.Name), (TrailField.EventRW, rw), (TrailField.EventType, type))];
    }

    /// <summary>Whose action it is.</summary>
    public EventService Service { get; }

    /// <summary>The value of <c>eventName</c>.</summary>
    public JsonEncodedText EncodedName { get; }

    /// <summary>The value of <c>eventRW</c>.</summary>
    public JsonEncodedText Access { get; }

    /// <summary>The value of <c>eventType</c>.</summary>
    public JsonEncodedText Type { get; }

    /// <summary>By what such events are found.</summary>
    public TrailTerm[] Terms { get; }

    /// <summary>The action that a grain method carries out.</summary>
    public static EventAction Of(ActionAttribute action) => Of(new ApiAction(action.Service, action.Action));

    /// <summary>An action as somebody names it.</summary>
    public static EventAction Of(ApiAction? action) =>
        action is { Service: { } service, Name: { } name } && Known.TryGetValue((service, name), out var known) ? known : Unknown;

    /// <summary>Something that the service does by itself.</summary>
    public static EventAction OfService(string name) => new(EventService.Kms, name, ActionAccess.Write, "AliyunServiceEvent");

    private static FrozenDictionary<(string Service, string Name), EventAction> Find()
    {
        // The one that calls no grain. Calls that are let in leave no event.
        var regions = new EventAction(EventService.Kms, "DescribeRegions", ActionAccess.Read, "ApiCall");
        var known = new Dictionary<(string Service, string Name), EventAction> { [("kms", "DescribeRegions")] = regions };
        foreach (var method in typeof(ActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface).SelectMany(type => type.GetMethods()))
        {
            if (method.GetCustomAttribute<ActionAttribute>() is { } action) known[(action.Service, action.Action)] = new(EventService.Of(action.Service), action.Action, action.Access, "ApiCall");
        }
        return known.ToFrozenDictionary();
    }

    private static IEnumerable<TrailTerm> Kept(params (TrailField Field, string Value)[] values) =>
        values.Where(value => TrailTerm.IsKept(value.Field, value.Value)).Select(value => TrailTerm.Of(value.Field, value.Value));
}

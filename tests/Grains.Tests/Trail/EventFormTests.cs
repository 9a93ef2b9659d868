using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Events;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>What holds for the events of all actions.</summary>
public sealed class EventFormTests
{
    private static readonly string[] Texts =
    [
        "eventId", "eventVersion", "eventType", "eventCategory", "eventName", "eventRW", "eventSource", "eventTime", "acsRegion", "serviceName", "apiVersion", "requestId", "sourceIpAddress",
        "userAgent", "errorCode", "errorMessage", "resourceType", "resourceName", "recipientAccountId",
    ];

    private static readonly string[] Objects = ["userIdentity", "requestParameters", "responseElements", "referencedResources", "additionalEventData"];

    private static readonly string[] Required =
    [
        "eventId", "eventVersion", "eventType", "eventName", "eventSource", "eventTime", "serviceName", "apiVersion", "requestId", "sourceIpAddress", "userAgent", "userIdentity",
    ];

    public static TheoryData<string> All => [.. EventSamples.Methods().Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct()];

    [Theory, MemberData(nameof(All))]
    public void Every_action_has_an_event_of_the_documented_form(string name)
    {
        var method = Method(name);
        var call = EventSamples.Call(method);
        foreach (var e in new[] { call.Returned(EventSamples.Result(method)), call.Failed(new(KmsErrorCode.NoPermission)), call.Drafted() })
        {
            foreach (var field in e.EnumerateObject()) Assert.True(IsOfKind(field), field.Name);
            foreach (var field in Required) Assert.True(e.TryGetProperty(field, out _), field);
            var action = EventSamples.Action(method);
            Assert.Equal(action.Action, e.GetProperty("eventName").GetString());
            Assert.Equal(action.Access.ToString(), e.GetProperty("eventRW").GetString());
            Assert.Equal(action.Service is "ram" or "sts", e.GetProperty("isGlobal").GetBoolean());
            Assert.Equal(char.ToUpperInvariant(action.Service[0]) + action.Service[1..], e.GetProperty("serviceName").GetString());
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Nothing_secret_of_arguments_and_results_is_in_an_event(string name)
    {
        var method = Method(name);
        var e = EventSamples.Call(method).Made(EventSamples.Result(method), null);
        var text = Encoding.UTF8.GetString(e.Json.Span);
        foreach (var form in Forms()) Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(All))]
    public void Every_argument_is_told_or_is_of_bytes(string name)
    {
        foreach (var parameter in Method(name).GetParameters())
        {
            if (parameter.ParameterType == typeof(byte[])) Assert.Null(ToldTypes.Find(parameter.ParameterType));
            else Assert.NotNull(ToldTypes.Find(parameter.ParameterType));
        }
    }

    // What a refused call may tell and what other calls tell goes by the same names.
    [Theory, MemberData(nameof(All))]
    public void Every_parameter_is_told_by_a_name_of_the_API(string name)
    {
        var told = EventSamples.Call(Method(name)).Drafted().GetProperty("requestParameters");
        foreach (var parameter in told.EnumerateObject())
        {
            Assert.True(RecordedParameters.IsRecorded(parameter.Name) || RecordedParameters.IsContextKeys(parameter.Name), parameter.Name);
            Assert.Equal(RecordedParameters.IsContextKeys(parameter.Name) ? JsonValueKind.Array : JsonValueKind.String, parameter.Value.ValueKind);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Callers_of_other_processes_may_pass_nothing(string name)
    {
        var method = Method(name);
        object?[] arguments = [.. method.GetParameters().Select(parameter => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)];
        var e = EventCall.Of(method, arguments, EventSamples.GrainKey(method)).Failed(new(KmsErrorCode.InvalidParameter));
        Assert.Equal(EventSamples.Action(method).Action, e.GetProperty("eventName").GetString());
    }

    [Theory, MemberData(nameof(All))]
    public void An_event_is_found_by_what_is_in_it(string name)
    {
        var method = Method(name);
        var made = EventSamples.Call(method).Made(EventSamples.Result(method), null);
        var e = EventCall.Parse(made);
        foreach (var field in new[] { TrailField.EventName, TrailField.ServiceName, TrailField.EventRW, TrailField.EventType }) Found(made, field, e.GetProperty(Field(field)).GetString()!);
        Found(made, TrailField.SourceIpAddress, e.GetProperty("sourceIpAddress").GetString()!);
        Found(made, TrailField.EventId, e.GetProperty("eventId").GetString()!);
        Found(made, TrailField.User, e.GetProperty("userIdentity").GetProperty("userName").GetString()!);
        Found(made, TrailField.PrincipalId, e.GetProperty("userIdentity").GetProperty("principalId").GetString()!);
        Found(made, TrailField.EventAccessKeyId, e.GetProperty("userIdentity").GetProperty("accessKeyId").GetString()!);
        if (!e.TryGetProperty("referencedResources", out var resources)) return;
        foreach (var type in resources.EnumerateObject())
        {
            Found(made, TrailField.ResourceType, type.Name);
            foreach (var resource in type.Value.EnumerateArray()) Found(made, TrailField.ResourceName, resource.GetString()!);
        }
    }

    private static void Found(TrailEvent e, TrailField field, string value) => Assert.Equal(TrailTerm.IsKept(field, value) ? 1 : 0, e.Terms.Count(term => term == TrailTerm.Of(field, value)));

    private static string Field(TrailField field) => char.ToLowerInvariant(field.ToString()[0]) + field.ToString()[1..];

    private static System.Reflection.MethodInfo Method(string name) => EventSamples.Methods().First(method => $"{method.DeclaringType!.Name}.{method.Name}" == name);

    private static bool IsOfKind(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => Texts.Contains(field.Name),
        JsonValueKind.Object => Objects.Contains(field.Name),
        JsonValueKind.True or JsonValueKind.False => field.Name == "isGlobal",
        _ => false,
    };

    private static string[] Forms() =>
    [
        EventSamples.Canary, EventSamples.Canary[..10], Convert.ToBase64String(EventSamples.CanaryBytes).TrimEnd('='), Base64Url.EncodeToString(EventSamples.CanaryBytes),
        Convert.ToHexString(EventSamples.CanaryBytes), string.Join(',', EventSamples.CanaryBytes),
    ];
}

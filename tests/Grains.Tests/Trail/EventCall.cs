using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Trail;
using Orleans.Serialization.Invocation;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>One call of a grain method as the call filter sees it, and the event that is made of it.</summary>
internal sealed class EventCall
{
    public const string Account = "1000000000000001";

    public static readonly DateTimeOffset Time = new(2026, 3, 1, 8, 16, 2, 345, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822");
    public static readonly Guid KeyId = Guid.Parse("5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44");
    public static readonly string KeyGrain = $"{Account}/{KeyId:D}";

    public static readonly RequestFacts Facts = new("E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822", "198.51.100.4", "aliyun-cli/3.0.200", "kms.cn-hangzhou.example.com", true);

    private static readonly EventMaker Maker = new(Options.Create(new KmsOptions { RegionId = "cn-hangzhou" }));

    private EventCall(MethodInfo method, object?[] arguments, string grainKey)
    {
        Rule = CallRule.Of(method);
        Context = Fake.Of<IIncomingGrainCallContext>(new()
        {
            ["get_Request"] = _ => Fake.Of<IInvokable>(new() { ["GetArgument"] = given => arguments[(int)given[0]!], ["GetArgumentCount"] = _ => arguments.Length }),
            ["get_TargetId"] = _ => GrainId.Create("grain", grainKey),
            ["get_Grain"] = _ => new object(),
        });
    }

    public CallRule Rule { get; }

    public IIncomingGrainCallContext Context { get; }

    public Caller Caller { get; init; } = new(Account, "LTAIexampleAlice01", "209900000000000017", null, Time.AddMinutes(5), Facts);

    public Rights? Rights { get; init; } = Rights.OfUser(Account, new("alice", []));

    /// <summary>A call, written as one: <c>EventCall.Of&lt;IKeyGrain&gt;(key => key.Enable())</c>.</summary>
    public static EventCall Of<T>(Expression<Func<T, object>> call, string? grainKey = null)
    {
        var made = (MethodCallExpression)(call.Body is UnaryExpression convert ? convert.Operand : call.Body);
        return new(made.Method, [.. made.Arguments.Select(argument => Expression.Lambda(argument).Compile().DynamicInvoke())], grainKey ?? KeyGrain);
    }

    /// <summary>A call of a method by its name.</summary>
    public static EventCall Of<T>(string method, params object?[] arguments) => new(typeof(T).GetMethod(method)!, arguments, KeyGrain);

    /// <summary>A call of any method.</summary>
    public static EventCall Of(MethodInfo method, object?[] arguments, string grainKey) => new(method, arguments, grainKey);

    /// <summary>The same call by somebody else.</summary>
    public EventCall By(Caller caller, Rights? rights) => new(this) { Caller = caller, Rights = rights };

    private EventCall(EventCall other) => (Rule, Context) = (other.Rule, other.Context);

    public JsonElement Returned(object? result) => Parse(Made(result, null));

    public JsonElement Failed(KmsException failure) => Parse(Made(null, failure));

    public JsonElement Drafted() => Parse(Maker.OfDraft(Rule, Context, Caller, Rights, Time, Id));

    public TrailEvent Made(object? result, KmsException? failure) => Maker.OfCall(Rule, Context, Caller, Rights, Time, Id, result, failure);

    public static EventMaker Events => Maker;

    public static JsonElement Parse(TrailEvent e)
    {
        using var document = JsonDocument.Parse(e.Json);
        return document.RootElement.Clone();
    }
}

/// <summary>Stands in for an interface of Orleans of which a test needs a few members.</summary>
public class Fake : DispatchProxy
{
    private Dictionary<string, Func<object?[], object?>> _members = [];

    public static T Of<T>(Dictionary<string, Func<object?[], object?>> members) where T : class
    {
        var made = Create<T, Fake>();
        ((Fake)(object)made)._members = members;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _members[targetMethod!.Name](args ?? []);
}

using System.Reflection;
using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>A call of every public grain method, with arguments and a result made up from their types. What is secret among them is <see cref="Canary"/>.</summary>
internal static class EventSamples
{
    /// <summary>What is in every byte array and in every text that is secret by its name.</summary>
    public const string Canary = "Canary7Z+plaintext/secret";

    public static readonly byte[] CanaryBytes = Encoding.ASCII.GetBytes(Canary);

    /// <summary>All methods that carry out an action.</summary>
    public static IEnumerable<MethodInfo> Methods() =>
        from type in typeof(ActionAttribute).Assembly.GetTypes()
        where type.IsInterface
        from method in type.GetMethods()
        where method.GetCustomAttribute<ActionAttribute>() is not null
        orderby Name(method), method.Name
        select method;

    /// <summary>The action that a method carries out, with its service.</summary>
    public static string Name(MethodInfo method) => Action(method).RamName;

    public static ActionAttribute Action(MethodInfo method) => method.GetCustomAttribute<ActionAttribute>()!;

    public static EventCall Call(MethodInfo method) => EventCall.Of(method, [.. method.GetParameters().Select(parameter => Sample(parameter.ParameterType, parameter.Name!))], GrainKey(method));

    /// <summary>What a method returns; null if nothing.</summary>
    public static object? Result(MethodInfo method) => method.ReturnType.IsGenericType ? Sample(method.ReturnType.GetGenericArguments()[0], "result") : null;

    public static string GrainKey(MethodInfo method) => Action(method) switch
    {
        KmsActionAttribute { Resource: ResourceKind.Key or ResourceKind.SourceAndDestination } => EventCall.KeyGrain,
        KmsActionAttribute { Resource: ResourceKind.Alias } => $"{EventCall.Account}/alias/orders",
        _ => EventCall.Account,
    };

    public static object Sample(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(byte[])) return CanaryBytes;
        if (type == typeof(string)) return IsSecret(name) ? Canary : name == "PolicyDocument" ? """{"Version":"1"}""" : $"{char.ToLowerInvariant(name[0])}{name[1..]}-1";
        if (type == typeof(int)) return 7;
        if (type == typeof(bool)) return true;
        if (type == typeof(Guid)) return EventCall.KeyId;
        if (type == typeof(DateTimeOffset)) return EventCall.Time;
        if (type == typeof(TimeSpan)) return TimeSpan.FromDays(30);
        if (type == typeof(EncryptionContext)) return EncryptionContext.Of([new("purpose", Canary)]);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0)!;
        if (type.IsArray) return Elements(type.GetElementType()!, name);
        var made = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        return made.Invoke([.. made.GetParameters().Select(parameter => Sample(parameter.ParameterType, parameter.Name!))]);
    }

    // A paging token is a place in a list, and told.
    private static bool IsSecret(string name) => name != "NextToken" && (name.Contains("Secret", StringComparison.Ordinal) || name.Contains("Token", StringComparison.Ordinal));

    private static Array Elements(Type type, string name)
    {
        var elements = Array.CreateInstance(type, 1);
        elements.SetValue(Sample(type, name), 0);
        return elements;
    }
}

using System.Reflection;
using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>One argument of a grain method that events tell.</summary>
/// <param name="Index">The argument's place.</param>
/// <param name="Name">What the API calls it.</param>
/// <param name="Tell">Writes it, under its name or, where it has several parts, under theirs.</param>
internal sealed record ToldParameter(int Index, JsonEncodedText Name, Action<EventJson, JsonEncodedText, object?> Tell)
{
    /// <summary>Those of a method. Of an argument of a type that is not known nothing is told.</summary>
    public static ToldParameter[] All(string action, MethodInfo method) => [.. method.GetParameters().Select(parameter => Of(action, parameter)).OfType<ToldParameter>()];

    private static ToldParameter? Of(string action, ParameterInfo parameter) => ToldTypes.Find(parameter.ParameterType) is { } tell
        ? new(parameter.Position, JsonEncodedText.Encode(ParameterNames.Of(action, parameter.Name!)), tell)
        : null;
}

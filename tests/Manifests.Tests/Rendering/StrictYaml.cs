using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using YamlDotNet.Serialization;

namespace Orleans.Kms.Manifests.Tests.Rendering;

/// <summary>Reads a manifest as the API server with <c>fieldValidation=Strict</c> would: no unknown field, no field twice, no value of another type.</summary>
internal static class StrictYaml
{
    private static readonly IDeserializer Untyped = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().WithDuplicateKeyChecking().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    private static readonly JsonSerializerOptions Custom = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>Reads one document of one of Kubernetes' own kinds.</summary>
    public static object Read(string yaml, Type type)
    {
        // The first knows unknown fields, the second that true is no string.
        typeof(KubernetesYaml).GetMethod(nameof(KubernetesYaml.Deserialize), [typeof(string), typeof(bool)])!.MakeGenericMethod(type).InvokeUnwrapped(yaml, true);
        return typeof(KubernetesJson).GetMethods().Single(method => method.Name == nameof(KubernetesJson.Deserialize) && method.GetParameters()[0].ParameterType == typeof(string))
            .MakeGenericMethod(type).InvokeUnwrapped(ToJson(yaml), null);
    }

    /// <summary>Reads one document of a kind that Kubernetes does not know by itself.</summary>
    public static object ReadCustom(string yaml, Type type) => JsonSerializer.Deserialize(ToJson(yaml), type, Custom)!;

    /// <summary>The kind of a document, with its API version.</summary>
    public static (string ApiVersion, string Kind) KindOf(string yaml)
    {
        using var document = JsonDocument.Parse(ToJson(yaml));
        return (document.RootElement.GetProperty("apiVersion").GetString()!, document.RootElement.GetProperty("kind").GetString()!);
    }

    private static string ToJson(string yaml) => Json.Serialize(Untyped.Deserialize<object>(yaml)!);

    private static object InvokeUnwrapped(this System.Reflection.MethodInfo method, params object?[] arguments) =>
        method.Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
}

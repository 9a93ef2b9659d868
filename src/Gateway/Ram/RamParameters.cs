using System.Globalization;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Parameters as RAM and STS read them: they have a code of its own for each that is missing or malformed.</summary>
internal static class RamParameters
{
    /// <summary>Fails unless all these parameters are there: what is missing is told before what is malformed.</summary>
    public static void Require(ActionCall call, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!call.Parameters.TryGet(name, out _)) throw ApiException.Missing(name);
        }
    }

    /// <summary>The page that is wanted.</summary>
    public static MarkerRequest Page(ActionCall call)
    {
        var maxItems = Integer(call, "MaxItems") ?? MarkerRequest.DefaultMaxItems;
        if (maxItems is < 1 or > MarkerRequest.MaxMaxItems) throw Invalid("MaxItems", $"has to be a number from 1 to {MarkerRequest.MaxMaxItems}");
        return new(call.Text("Marker"), maxItems);
    }

    /// <summary>The type of a policy; null if it is not said.</summary>
    public static PolicyType? OptionalType(ActionCall call) => call.Text("PolicyType") switch
    {
        null => null,
        "System" => PolicyType.System,
        "Custom" => PolicyType.Custom,
        _ => throw Invalid("PolicyType", "has to be System or Custom"),
    };

    /// <summary>The type of a policy.</summary>
    public static PolicyType Type(ActionCall call) => OptionalType(call) ?? throw ApiException.Missing("PolicyType");

    /// <summary>The value of an optional whole number, or null. Whether it is in range is the grain's decision.</summary>
    public static int? Integer(ActionCall call, string name) => call.Text(name) switch
    {
        null => null,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw Invalid(name, "has to be a whole number"),
    };

    /// <summary>The value of an optional truth value, in any letter case; false if it is absent.</summary>
    public static bool Flag(ActionCall call, string name) => call.Text(name) switch
    {
        null => false,
        { } text when bool.TryParse(text, out var value) => value,
        _ => throw Invalid(name, "has to be true or false"),
    };

    /// <summary>An optional text that the answer will quote: one that it could not carry is refused before anything is done.</summary>
    public static string? Quoted(ActionCall call, string name)
    {
        var text = call.Text(name);
        call.Response.RequireCarries(text ?? "");
        return text;
    }

    /// <summary>The new value of a text that may be empty: an empty one was sent on purpose and clears the old one. Null leaves it as it is.</summary>
    public static string? Change(ActionCall call, string name) => Quoted(call, name) ?? (call.Parameters.Contains(name) ? "" : null);

    /// <summary>The failure of a malformed parameter.</summary>
    public static KmsException Invalid(string name, string rule) => RamErrors.Invalid(name, $"The parameter {name} {rule}.");
}

using k8s.Models;

namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>What a label selector selects.</summary>
internal static class Selectors
{
    /// <summary>Whether it selects something with these labels.</summary>
    public static bool Selects(this V1LabelSelector selector, IDictionary<string, string> labels) =>
        Contains(labels, selector.MatchLabels) && (selector.MatchExpressions ?? []).All(expression => Holds(expression, labels));

    /// <summary>Whether all of these labels are among those.</summary>
    public static bool Contains(IDictionary<string, string> labels, IDictionary<string, string>? wanted) =>
        (wanted ?? new Dictionary<string, string>()).All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool Holds(V1LabelSelectorRequirement expression, IDictionary<string, string> labels) => expression.OperatorProperty switch
    {
        "In" => labels.TryGetValue(expression.Key, out var value) && expression.Values.Contains(value),
        "NotIn" => !labels.TryGetValue(expression.Key, out var value) || !expression.Values.Contains(value),
        "Exists" => labels.ContainsKey(expression.Key),
        "DoesNotExist" => !labels.ContainsKey(expression.Key),
        _ => throw new InvalidDataException($"{expression.OperatorProperty} is no operator of selectors."),
    };
}

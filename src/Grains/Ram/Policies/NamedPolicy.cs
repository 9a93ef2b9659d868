namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A policy of an identity in the version that counts.</summary>
/// <param name="Type"><c>System</c>, <c>Custom</c> or <c>Session</c>.</param>
/// <param name="Name">Unique within its type.</param>
/// <param name="Version">For example <c>v1</c>.</param>
/// <param name="Document">What it says.</param>
internal sealed record NamedPolicy(string Type, string Name, string Version, PolicyDocument Document);

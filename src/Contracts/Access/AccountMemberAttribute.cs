namespace Orleans.Kms.Access;

/// <summary>
/// Marks a public grain method that every authenticated caller of the grain's own account may call: part of an action that is checked and recorded elsewhere.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccountMemberAttribute : Attribute;

namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A statement, and in a trust policy whom it is about.</summary>
internal sealed record ParsedStatement(Statement Statement, TrustedPrincipals? Principals);

namespace Orleans.Kms.Grains.Hsm;

/// <summary>The token or a part of it is not there. Treated like the faults that the token itself reports.</summary>
internal sealed class TokenFaultException(string message) : Exception(message);

namespace Orleans.Kms.Silo.Admin;

/// <summary>The command line is not one; the message is one line for the operator.</summary>
internal sealed class UsageException(string message) : Exception(message);

namespace Orleans.Kms.Silo;

/// <summary>The service cannot start for a reason that the operator can mend; the message says in one line what to do.</summary>
internal sealed class StartupException(string message) : Exception(message);

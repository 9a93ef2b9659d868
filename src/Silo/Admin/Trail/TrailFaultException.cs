namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>The trail is not what was signed; the message says where, and what is wrong.</summary>
internal sealed class TrailFaultException(string message) : Exception(message);

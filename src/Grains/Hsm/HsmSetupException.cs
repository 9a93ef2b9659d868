namespace Orleans.Kms.Grains.Hsm;

/// <summary>The token cannot be used as it is; the message tells in one line what is wrong and what to do.</summary>
internal sealed class HsmSetupException(string message) : Exception(message);

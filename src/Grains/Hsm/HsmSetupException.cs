namespace Orleans.Kms.Grains.Hsm;

/// <summary>The token, or the root key file in its place, cannot be used as it is, and only the operator can change that.</summary>
/// <param name="message">One line for the operator: what is wrong and what to do.</param>
/// <param name="cause">The failure behind it, if any.</param>
internal sealed class HsmSetupException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True if the token may hold what was missing by now, although the module does not see it: SoftHSM never looks again at files that were away.</summary>
    public bool NeedsRestart { get; init; }
}

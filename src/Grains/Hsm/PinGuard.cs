using System.Collections.Concurrent;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Remembers which PIN files a token refused, for the whole process: tokens lock after a few wrong PINs, and every lane would add its own tries.
/// A PIN is tried again once its file has been written anew.
/// </summary>
internal sealed class PinGuard
{
    private readonly ConcurrentDictionary<(string Label, string PinFile), DateTime> _refused = new();

    /// <summary>Fails if the token refused the PIN that the file holds now.</summary>
    /// <exception cref="HsmSetupException">It did.</exception>
    public void Check(string label, string pinFile)
    {
        if (_refused.TryGetValue((label, pinFile), out var written) && written == File.GetLastWriteTimeUtc(pinFile)) throw Refusal(label, pinFile);
    }

    /// <summary>Notes a refusal and gives the failure to throw.</summary>
    public HsmSetupException Refuse(string label, string pinFile, Exception cause)
    {
        _refused[(label, pinFile)] = File.GetLastWriteTimeUtc(pinFile);
        return Refusal(label, pinFile, cause);
    }

    private static HsmSetupException Refusal(string label, string pinFile, Exception? cause = null) =>
        new($"Token '{label}' refuses the PIN in '{pinFile}', or is locked: write the right PIN to the file. It is not tried again before.", cause);
}

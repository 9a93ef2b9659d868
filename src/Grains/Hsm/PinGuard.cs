using System.Collections.Concurrent;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Remembers which PIN files a token refused, for the whole process: tokens lock after a few wrong PINs, and every lane would add its own tries.
/// A PIN is tried again once its file has been written anew.
/// </summary>
internal sealed class PinGuard
{
    private readonly ConcurrentDictionary<TokenAddress, DateTime> _refused = new();

    /// <summary>Fails if the token refused the PIN that the file holds now.</summary>
    /// <exception cref="HsmSetupException">It did.</exception>
    public void Check(TokenAddress token)
    {
        if (_refused.TryGetValue(token, out var written) && written == File.GetLastWriteTimeUtc(token.PinFile)) throw Refusal(token);
    }

    /// <summary>Notes a refusal and gives the failure to throw.</summary>
    public HsmSetupException Refuse(TokenAddress token, Exception cause)
    {
        _refused[token] = File.GetLastWriteTimeUtc(token.PinFile);
        return Refusal(token, cause);
    }

    private static HsmSetupException Refusal(TokenAddress token, Exception? cause = null) =>
        new($"Token '{token.Name}' refuses the PIN in '{token.PinFile}', or is locked: write the right PIN to the file. It is not tried again before.", cause);
}

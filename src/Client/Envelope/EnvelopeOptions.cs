using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Envelope;

/// <summary>Under which CMK <see cref="EnvelopeEncryption"/> encrypts, and how long and how often it uses a data key.</summary>
public sealed class EnvelopeOptions
{
    /// <summary>The CMK: its id or an alias. New data keys are under what it is, or points to, when they are made.</summary>
    public string KeyId { get; set; } = "";

    /// <summary>CMKs, ids or aliases, that <see cref="KeyId"/> was before: what was sealed under them is still opened. Blobs of other CMKs are refused.</summary>
    public IList<string> FormerKeyIds { get; } = [];

    /// <summary>What the service binds every data key to, and policies and the trail see: for example the application's name. Blobs open under an equal one only.</summary>
    public IDictionary<string, string> KeyContext { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a data key is used, to seal and to open; so long after a change of the CMK (rotated, disabled, alias moved) it may go unnoticed. Default 5 minutes, 10 seconds to 1 day.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a data key seals. Default 1,000,000; at most 2^31 - 1, at which random nonces are still far from meeting.</summary>
    public int MaxUses { get; set; } = 1_000_000;

    /// <summary>How many bytes a data key seals, and so the longest plaintext, too. Default 1 GiB, at most 1 TiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>How many data keys that opened blobs are kept. Default 1000, 1 to 100,000.</summary>
    public int MaxOpenedKeys { get; set; } = 1000;

    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    internal void Check()
    {
        var faults = Faults().ToArray();
        if (faults.Length > 0) throw new OptionsValidationException(nameof(EnvelopeOptions), typeof(EnvelopeOptions), faults);
    }

    private IEnumerable<string> Faults()
    {
        foreach (var name in FormerKeyIds.Append(KeyId))
        {
            if (!IsKeyName(name)) yield return $"'{name}' is neither the id of a CMK nor the name of an alias.";
        }
        if (!IsContext()) yield return "KeyContext is no encryption context.";
        if (MaxAge < TimeSpan.FromSeconds(10) || MaxAge > TimeSpan.FromDays(1)) yield return "MaxAge is from 10 seconds to 1 day.";
        if (MaxUses < 1) yield return "MaxUses is from 1 to 2147483647.";
        if (MaxBytes is < 1 or > 1L << 40) yield return "MaxBytes is from 1 byte to 1 TiB.";
        if (MaxOpenedKeys is < 1 or > 100_000) yield return "MaxOpenedKeys is from 1 to 100000.";
    }

    private static bool IsKeyName(string name)
    {
        try { return KeyName.Parse(name) is not null; }
        catch (KmsException) { return false; }
    }

    private bool IsContext()
    {
        try { return EncryptionContext.Of(KeyContext) is not null; }
        catch (KmsException) { return false; }
    }
}

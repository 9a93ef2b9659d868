using System.Collections.Frozen;
using Orleans.Kms.Access;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>Actions that share one limit on calls in a second, as the API's documents put them together.</summary>
internal enum RateClass
{
    /// <summary>CreateKey.</summary>
    CreateKey,
    /// <summary>Encryption, decryption and data keys with symmetric CMKs.</summary>
    Symmetric,
    /// <summary>Encryption, decryption and signatures with asymmetric CMKs.</summary>
    Asymmetric,
    /// <summary>ReEncrypt.</summary>
    ReEncrypt,
    /// <summary>ListResourceTags.</summary>
    ListResourceTags,
    /// <summary>Everything else that changes nothing.</summary>
    Read,
    /// <summary>Everything else that changes something.</summary>
    Write,
}

/// <summary>Tells the class of an action.</summary>
internal static class RateClasses
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)RateClass.Write + 1;

    private static readonly FrozenDictionary<string, RateClass> Named = new Dictionary<string, RateClass>
    {
        ["CreateKey"] = RateClass.CreateKey,
        ["Encrypt"] = RateClass.Symmetric,
        ["Decrypt"] = RateClass.Symmetric,
        ["GenerateDataKey"] = RateClass.Symmetric,
        ["GenerateDataKeyWithoutPlaintext"] = RateClass.Symmetric,
        ["ExportDataKey"] = RateClass.Symmetric,
        ["GenerateAndExportDataKey"] = RateClass.Symmetric,
        ["AsymmetricEncrypt"] = RateClass.Asymmetric,
        ["AsymmetricDecrypt"] = RateClass.Asymmetric,
        ["AsymmetricSign"] = RateClass.Asymmetric,
        ["AsymmetricVerify"] = RateClass.Asymmetric,
        ["ReEncrypt"] = RateClass.ReEncrypt,
        ["ListResourceTags"] = RateClass.ListResourceTags,
    }.ToFrozenDictionary();

    /// <summary>The class of an action; null for those of RAM, STS and ActionTrail, which have limits of their own.</summary>
    public static RateClass? Of(ActionAttribute action)
    {
        if (action is not KmsActionAttribute) return null;
        return Named.TryGetValue(action.Action, out var named) ? named : action.Access == ActionAccess.Write ? RateClass.Write : RateClass.Read;
    }
}

using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>How much an account may have, bound from <c>Kms:Quotas</c>. What is not set comes from the preset.</summary>
internal sealed class QuotaOptions : QuotaNumbers
{
    /// <summary>Where the numbers come from that are not set. Default <see cref="QuotaPreset.SelfHosted"/>.</summary>
    public QuotaPreset Preset { get; set; }

    /// <summary>Numbers of single accounts, by account id; they win over the common ones.</summary>
    public Dictionary<string, QuotaNumbers> Accounts { get; } = [];
}

/// <summary>A set of numbers.</summary>
internal enum QuotaPreset
{
    /// <summary>Generous: one's own machine is the limit.</summary>
    SelfHosted,
    /// <summary>Those that the cloud service's documents name per account and region.</summary>
    AlibabaCloud,
}

/// <summary>Numbers that an operator may set.</summary>
internal class QuotaNumbers
{
    private const int MaxPerSecond = 1_000_000;

    /// <summary>CMKs in all states.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Kms:Quotas: Keys is not negative")]
    public int? Keys { get; set; }

    /// <summary>Aliases.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Kms:Quotas: Aliases is not negative")]
    public int? Aliases { get; set; }

    /// <summary>Key versions of all CMKs together.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Kms:Quotas: KeyVersions is not negative")]
    public int? KeyVersions { get; set; }

    /// <summary>Key versions of all asymmetric CMKs together.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Kms:Quotas: AsymmetricKeyVersions is not negative")]
    public int? AsymmetricKeyVersions { get; set; }

    /// <summary>Tags of one CMK.</summary>
    [Range(0, 1000, ErrorMessage = "Kms:Quotas: TagsPerKey is from 0 to 1000")]
    public int? TagsPerKey { get; set; }

    /// <summary>Calls of CreateKey in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: CreateKeyPerSecond is from 1 to 1000000")]
    public int? CreateKeyPerSecond { get; set; }

    /// <summary>Encryptions, decryptions and data keys with symmetric CMKs in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: SymmetricCallsPerSecond is from 1 to 1000000")]
    public int? SymmetricCallsPerSecond { get; set; }

    /// <summary>Encryptions, decryptions and signatures with asymmetric CMKs in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: AsymmetricCallsPerSecond is from 1 to 1000000")]
    public int? AsymmetricCallsPerSecond { get; set; }

    /// <summary>Calls of ReEncrypt in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: ReEncryptPerSecond is from 1 to 1000000")]
    public int? ReEncryptPerSecond { get; set; }

    /// <summary>Calls of ListResourceTags in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: ListResourceTagsPerSecond is from 1 to 1000000")]
    public int? ListResourceTagsPerSecond { get; set; }

    /// <summary>Other calls of KMS that change nothing in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: ReadsPerSecond is from 1 to 1000000")]
    public int? ReadsPerSecond { get; set; }

    /// <summary>Other calls of KMS that change something in a second, in the whole cluster.</summary>
    [Range(1, MaxPerSecond, ErrorMessage = "Kms:Quotas: WritesPerSecond is from 1 to 1000000")]
    public int? WritesPerSecond { get; set; }
}

namespace Orleans.Kms.Grains.Quotas;

/// <summary>How much one account may have.</summary>
/// <param name="Keys">CMKs in all states.</param>
/// <param name="Aliases">Aliases.</param>
/// <param name="KeyVersions">Key versions of all CMKs together.</param>
/// <param name="AsymmetricKeyVersions">Key versions of all asymmetric CMKs together.</param>
/// <param name="TagsPerKey">Tags of one CMK.</param>
internal sealed record Quota(int Keys, int Aliases, int KeyVersions, int AsymmetricKeyVersions, int TagsPerKey)
{
    private static readonly Quota SelfHosted = new(1_000_000, 1_000_000, 10_000_000, 1_000_000, 50);

    // The documents of 2019 to 2021; tags since 2023.
    private static readonly Quota AlibabaCloud = new(200, 300, 10_000, 50, 20);

    /// <summary>The numbers of an account: its own, else the common ones, else the preset's.</summary>
    public static Quota Of(QuotaOptions options, string accountId)
    {
        var common = Override(options.Preset == QuotaPreset.AlibabaCloud ? AlibabaCloud : SelfHosted, options);
        return options.Accounts.TryGetValue(accountId, out var own) ? Override(common, own) : common;
    }

    private static Quota Override(Quota quota, QuotaNumbers numbers) => new(
        numbers.Keys ?? quota.Keys, numbers.Aliases ?? quota.Aliases, numbers.KeyVersions ?? quota.KeyVersions,
        numbers.AsymmetricKeyVersions ?? quota.AsymmetricKeyVersions, numbers.TagsPerKey ?? quota.TagsPerKey);
}

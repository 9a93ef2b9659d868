namespace Orleans.Kms.Grains.Quotas;

/// <summary>How many calls of each <see cref="RateClass"/> an account may make in a second, in the whole cluster.</summary>
internal static class RateQuota
{
    /// <summary>The number of an account: its own, else the common one, else the preset's; null if there is no limit.</summary>
    public static int? Of(QuotaOptions options, string accountId, RateClass @class)
    {
        var own = options.Accounts.TryGetValue(accountId, out var numbers) ? Set(numbers, @class) : null;
        return own ?? Set(options, @class) ?? (options.Preset == QuotaPreset.AlibabaCloud ? AlibabaCloud(@class) : null);
    }

    /// <summary>Whether any account has any limit.</summary>
    public static bool HasAny(QuotaOptions options) =>
        options.Preset == QuotaPreset.AlibabaCloud || options.Accounts.Values.Append(options).Any(numbers => Enum.GetValues<RateClass>().Any(@class => Set(numbers, @class) is not null));

    private static int? Set(QuotaNumbers numbers, RateClass @class) => @class switch
    {
        RateClass.CreateKey => numbers.CreateKeyPerSecond,
        RateClass.Symmetric => numbers.SymmetricCallsPerSecond,
        RateClass.Asymmetric => numbers.AsymmetricCallsPerSecond,
        RateClass.ReEncrypt => numbers.ReEncryptPerSecond,
        RateClass.ListResourceTags => numbers.ListResourceTagsPerSecond,
        RateClass.Write => numbers.WritesPerSecond,
        _ => numbers.ReadsPerSecond,
    };

    // Where the documents changed over the years, the newer number.
    private static int AlibabaCloud(RateClass @class) => @class switch
    {
        RateClass.CreateKey => 10,
        RateClass.Symmetric => 1000,
        RateClass.Asymmetric => 200,
        RateClass.ReEncrypt => 750,
        RateClass.ListResourceTags => 300,
        RateClass.Write => 30,
        _ => 50,
    };
}

using System.Globalization;

namespace Orleans.Kms.Grains.Trail;

/// <summary>An account's id as the trail's database has it.</summary>
internal static class AccountNumber
{
    /// <summary>The number of an account's id, which has 16 digits.</summary>
    public static long Of(string accountId) => long.Parse(accountId, NumberStyles.None, CultureInfo.InvariantCulture);
}

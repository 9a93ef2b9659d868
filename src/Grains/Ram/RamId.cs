using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Ram;

/// <summary>Makes the ids of users, groups, roles and policies: 18 random digits, so that none is ever used again.</summary>
internal static class RamId
{
    private const int Length = 18;

    /// <summary>A new id.</summary>
    public static string New() => RandomNumberGenerator.GetString("123456789", 1) + RandomNumberGenerator.GetString("0123456789", Length - 1);
}

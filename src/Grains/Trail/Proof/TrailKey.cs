using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>
/// The key that checkpoints are signed with: a CMK of the service's own account, so that all that holds for CMKs holds for it (made in the token, wrapped under a root key, re-wrapped, in backups).
/// No caller reaches it: nobody signs in as that account, and no index knows the key, so no list shows it and no quota counts it.
/// </summary>
internal static class TrailKey
{
    /// <summary>The account of what is the service's own.</summary>
    public const string AccountId = "0000000000000000";

    // A fixed one: the key is found by it alone.
    private static readonly Guid Id = new("00000000-0000-8000-8000-747261696c00");

    /// <summary>The grain of the key.</summary>
    public static string GrainKey { get; } = KeyId.GrainKey(AccountId, Id);

    /// <summary>What the key is.</summary>
    public static KeySettings Settings(ProtectionLevel level) => new(KeySpec.EcP256, KeyUsage.SignVerify, KeyOrigin.Kms, level, "Signs the checkpoints of the trail.");

    /// <summary>What a public key is called in checkpoints: SHA-256 of its SubjectPublicKeyInfo, in lower-case hexadecimal digits.</summary>
    public static string Name(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));
}

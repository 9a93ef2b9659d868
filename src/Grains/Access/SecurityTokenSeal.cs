using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// Makes and opens the security tokens of temporary credentials. A token holds all that is to be known of its session, so that no silo has to look it up: AES-256-GCM under a key
/// of its own, which HKDF-SHA256 derives from the cluster's secret and the token's salt; a key that is used once needs no IV. Layout, in Base64: mark and format (3 bytes), salt (32),
/// ciphertext of the session as JSON, tag (16).
/// </summary>
internal sealed class SecurityTokenSeal(ClusterSecret secret)
{
    private const int SaltLength = 32;
    private const int TagLength = 16;

    // Begins the Base64 text with "CAIS", as those of the original do.
    private static readonly byte[] Mark = [0x08, 0x02, 0x12];
    private static readonly byte[] NoIv = new byte[12];

    private readonly byte[] _key = secret.Derive("security-token");

    /// <summary>Makes a token.</summary>
    public string Seal(TemporarySession session)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(session, SessionJson.Unescaped.TemporarySession);
        var token = new byte[Mark.Length + SaltLength + json.Length + TagLength];
        try
        {
            Mark.CopyTo(token, 0);
            var salt = token.AsSpan(Mark.Length, SaltLength);
            RandomNumberGenerator.Fill(salt);
            using var aes = Cipher(salt);
            aes.Encrypt(NoIv, json, token.AsSpan(Mark.Length + SaltLength, json.Length), token.AsSpan(^TagLength..), Mark);
            return Convert.ToBase64String(token);
        }
        finally { CryptographicOperations.ZeroMemory(json); }
    }

    /// <summary>Opens a token; false if it is not genuine. Whether its time is over is for the caller to see.</summary>
    public bool TryOpen(string text, [NotNullWhen(true)] out TemporarySession? session)
    {
        session = null;
        var token = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, token, out var length) || length <= Mark.Length + SaltLength + TagLength || !token.AsSpan(0, Mark.Length).SequenceEqual(Mark)) return false;
        var json = new byte[length - Mark.Length - SaltLength - TagLength];
        try
        {
            using var aes = Cipher(token.AsSpan(Mark.Length, SaltLength));
            aes.Decrypt(NoIv, token.AsSpan(Mark.Length + SaltLength, json.Length), token.AsSpan(length - TagLength, TagLength), json, Mark);
            session = JsonSerializer.Deserialize(json, SessionJson.Unescaped.TemporarySession);
            return session is not null;
        }
        catch (AuthenticationTagMismatchException) { return false; }
        finally { CryptographicOperations.ZeroMemory(json); }
    }

    private AesGcm Cipher(ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[32];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, "kms/1/security-token"u8);
            return new(key, TagLength);
        }
        finally { CryptographicOperations.ZeroMemory(key); }
    }
}

/// <summary>What a security token says.</summary>
/// <param name="AccessKeyId">The access key id that belongs to it.</param>
/// <param name="Secret">The access key secret, 44 letters and digits as ASCII.</param>
/// <param name="AccountId">The role's account.</param>
/// <param name="Role">The session.</param>
/// <param name="ExpiresAt">When it ends (UTC).</param>
internal sealed record TemporarySession(string AccessKeyId, byte[] Secret, string AccountId, RoleSession Role, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"{nameof(TemporarySession)} {AccessKeyId}";
}

[JsonSerializable(typeof(TemporarySession))]
internal sealed partial class SessionJson : JsonSerializerContext
{
    /// <summary>Writes a session policy letter by letter: escaped, a long one would not fit into a token.</summary>
    public static SessionJson Unescaped { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

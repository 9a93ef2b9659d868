using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// Makes and opens caller tokens. A token is not secret, so it is authenticated and not encrypted: HMAC-SHA256 has no limit on the number of tokens under
/// one key, as AES-GCM with random IVs would. Layout, big-endian: format (1 byte), end of validity in Unix milliseconds (8), TLS flag (1), begin of the session in Unix seconds (8), hash
/// of the nonce (16) and its end in Unix seconds (8), zeros where there is none; ten texts, each after its length in bytes (2); HMAC (32) over all before it.
/// </summary>
internal sealed class CallerTokenSeal(ClusterSecret secret, TimeProvider clock)
{
    private const byte Format = 3;
    private const int FixedLength = 42;
    private const int RequestIdPlace = 6;
    private const int MacLength = HMACSHA256.HashSizeInBytes;
    // A session policy may have 2048 characters of three bytes, the facts about 1200.
    private const int MaxLength = 16384;

    private readonly byte[] _key = secret.Derive("caller-token");

    /// <summary>A token for a caller whose signature was right.</summary>
    public CallerToken Seal(string accountId, string accessKeyId, string? userId, RoleSession? session, RequestFacts facts, UsedNonce? nonce = null)
    {
        ReadOnlySpan<string> texts =
        [
            accountId, accessKeyId, userId ?? "", session?.RoleId ?? "", session?.Name ?? "", session?.Policy ?? "", facts.RequestId, facts.SourceIp, facts.UserAgent, facts.Host,
        ];
        var length = FixedLength + MacLength;
        foreach (var text in texts) length += 2 + Encoding.UTF8.GetByteCount(text);
        var token = new byte[length];
        token[0] = Format;
        var end = DateTimeOffset.FromUnixTimeMilliseconds((clock.GetUtcNow() + CallerToken.Lifetime).ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), end.ToUnixTimeMilliseconds());
        token[9] = facts.SecureTransport ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(10), session?.BegunAt?.ToUnixTimeSeconds() ?? 0);
        BinaryPrimitives.WriteUInt128BigEndian(token.AsSpan(18), nonce?.Hash ?? 0);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(34), nonce?.ExpiresAt.ToUnixTimeSeconds() ?? 0);
        var rest = token.AsSpan(FixedLength);
        foreach (var text in texts)
        {
            var written = Encoding.UTF8.GetBytes(text, rest[2..]);
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)written));
            rest = rest[(2 + written)..];
        }
        HMACSHA256.HashData(_key, token.AsSpan(..^MacLength), rest);
        return new(token) { Opened = new Opening(this, new(accountId, accessKeyId, userId, session, end, facts, nonce)) };
    }

    /// <summary>Opens a token; false if it is not genuine or has ended.</summary>
    public bool TryOpen(CallerToken? token, [NotNullWhen(true)] out Caller? caller)
    {
        // Sealed in this process and never out of it: the bytes need no check, the end does.
        if (token?.Opened is Opening opening && opening.By == this) caller = opening.Caller;
        else if (!TryCheck(token, out caller)) return false;
        return caller.ExpiresAt > clock.GetUtcNow();
    }

    private bool TryCheck(CallerToken? token, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (token?.Sealed is not { Length: > FixedLength + MacLength and <= MaxLength } bytes) return false;
        Span<byte> mac = stackalloc byte[MacLength];
        HMACSHA256.HashData(_key, bytes.AsSpan(..^MacLength), mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes.AsSpan(^MacLength..)) || bytes[0] != Format) return false;

        var end = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1));
        var rest = bytes.AsSpan(FixedLength..^MacLength);
        var (account, accessKey, userId) = (Next(ref rest), Next(ref rest), Next(ref rest));
        var (roleId, sessionName, sessionPolicy) = (Next(ref rest), Next(ref rest), Next(ref rest));
        var facts = new RequestFacts(Next(ref rest), Next(ref rest), Next(ref rest), Next(ref rest), bytes[9] == 1);
        var session = roleId.Length > 0 ? new RoleSession(roleId, sessionName, sessionPolicy.Length > 0 ? sessionPolicy : null, Seconds(bytes.AsSpan(10))) : null;
        UsedNonce? nonce = Seconds(bytes.AsSpan(34)) is { } nonceEnd ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(18)), nonceEnd) : null;
        caller = new(account, accessKey, userId.Length > 0 ? userId : null, session, DateTimeOffset.FromUnixTimeMilliseconds(end), facts, nonce);
        return true;
    }

    /// <summary>
    /// The request that a token was made for, for log lines: the token is not checked, so of what it says nothing but a UUID is taken. Null if there is none.
    /// </summary>
    public static string? RequestIdOf(CallerToken? token)
    {
        if (token?.Opened is Opening opening) return Checked(opening.Caller.Facts.RequestId);
        if (token?.Sealed is not { Length: > FixedLength + MacLength and <= MaxLength } bytes) return null;
        var rest = bytes.AsSpan(FixedLength..^MacLength);
        for (var i = 0; i < RequestIdPlace; i++)
        {
            if (rest.Length < 2 || rest.Length < 2 + BinaryPrimitives.ReadUInt16BigEndian(rest)) return null;
            rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        }
        return rest.Length >= 2 && rest.Length >= 2 + BinaryPrimitives.ReadUInt16BigEndian(rest) ? Checked(Next(ref rest)) : null;

        static string? Checked(string text) => Guid.TryParseExact(text, "D", out _) ? text : null;
    }

    private static DateTimeOffset? Seconds(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadInt64BigEndian(bytes) is not 0 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private sealed record Opening(CallerTokenSeal By, Caller Caller);

    private static string Next(ref Span<byte> rest)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        var text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return text;
    }
}

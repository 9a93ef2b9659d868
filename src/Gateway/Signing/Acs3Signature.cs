using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Signing;

/// <summary>
/// ACS3-HMAC-SHA256: action, version, time, nonce and signature travel in headers, and query and body hold the action's own parameters. Signed is the SHA-256 of
/// the canonical request: method, path, query, signed headers, their names, hash of the body.
/// </summary>
internal static class Acs3Signature
{
    private const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>Whether a request is signed in this way, or in another one of its family.</summary>
    public static bool IsUsedBy(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith("ACS3-", StringComparison.Ordinal);

    /// <summary>Takes the claim from a request.</summary>
    /// <exception cref="ApiException">A header is missing or has not the form of one.</exception>
    public static SignedClaim Read(HttpRequest request, RequestParameters parameters, ReadOnlySpan<byte> body, RequestFacts facts)
    {
        var authorization = Authorization.Parse(request.Headers.Authorization.ToString());
        var nonce = CommonChecks.Nonce(CommonChecks.Required(Header(request, "x-acs-signature-nonce"), "SignatureNonce"));
        var timestamp = CommonChecks.Timestamp(CommonChecks.Required(Header(request, "x-acs-date"), "Timestamp"));
        var token = CommonChecks.SecurityToken(Header(request, "x-acs-security-token") is { Length: > 0 } sent ? sent : null);
        var accessKeyId = CommonChecks.AccessKeyId(authorization.AccessKeyId, hasSecurityToken: token is not null);
        RequireSigned(request, authorization, hasBody: !body.IsEmpty);
        var bodyHash = HexSha256(body);
        if (Header(request, "x-acs-content-sha256") != bodyHash)
        {
            throw new ApiException(400, KmsErrorCode.SignatureMismatch.ApiCode(), "The header x-acs-content-sha256 is not the SHA-256 of the body in lower-case hexadecimal.");
        }
        var canonical = CanonicalRequest(request, parameters, authorization.SignedHeaders, bodyHash);
        var stringToSign = Encoding.ASCII.GetBytes($"{Algorithm}\n{HexSha256(canonical)}");
        return new(accessKeyId, new(SignatureMethod.Acs3HmacSha256, stringToSign, authorization.Signature, timestamp, nonce, facts, token), canonical);
    }

    private static byte[] CanonicalRequest(HttpRequest request, RequestParameters parameters, string signedHeaders, string bodyHash)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        Append(text, $"{request.Method}\n/\n");
        AppendQuery(text, parameters);
        Append(text, "\n");
        foreach (var name in signedHeaders.Split(';')) Append(text, $"{name}:{Header(request, name)}\n");
        Append(text, $"\n{signedHeaders}\n{bodyHash}");
        return text.WrittenSpan.ToArray();
    }

    private static void AppendQuery(ArrayBufferWriter<byte> text, RequestParameters parameters)
    {
        var first = true;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (!parameters.IsFromQuery(i)) continue;
            if (!first) text.Write("&"u8);
            first = false;
            AppendEncoded(text, parameters.Name(i));
            text.Write("="u8);
            AppendEncoded(text, parameters.Value(i));
        }
    }

    private static void AppendEncoded(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> value)
    {
        var length = PercentEncoding.EncodedLength(value);
        PercentEncoding.Encode(value, text.GetSpan(length));
        text.Advance(length);
    }

    private static void Append(ArrayBufferWriter<byte> text, string value) => Encoding.UTF8.GetBytes(value, text);

    // What is not signed could be changed on the way: the host, the content type of a body, and every header that means something here.
    private static void RequireSigned(HttpRequest request, Authorization authorization, bool hasBody)
    {
        var names = authorization.SignedHeaders.Split(';');
        if (!names.AsSpan().SequenceEqual(names.Order(StringComparer.Ordinal).Distinct().ToArray())) throw ApiException.IncompleteSignature();
        foreach (var header in request.Headers)
        {
            var name = header.Key.ToLowerInvariant();
            var mustBeSigned = name == "host" || name.StartsWith("x-acs-", StringComparison.Ordinal) || (hasBody && name == "content-type");
            if (mustBeSigned && !names.Contains(name)) throw new ApiException(400, "IncompleteSignature", $"The header {name} has to be among the SignedHeaders.");
        }
        if (!names.Contains("host")) throw new ApiException(400, "IncompleteSignature", "The header host has to be among the SignedHeaders.");
    }

    private static string? Header(HttpRequest request, string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString().Trim() : null;

    private static string HexSha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The Authorization header. Its parts come in any order.</summary>
    private sealed record Authorization(string AccessKeyId, string SignedHeaders, byte[] Signature)
    {
        public static Authorization Parse(string header)
        {
            var space = header.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0) throw ApiException.IncompleteSignature();
            if (header[..space] != Algorithm) throw new ApiException(400, "InvalidSignatureMethod", $"The signature algorithm is not supported: use {Algorithm}.");
            string accessKeyId = "", signedHeaders = "", signature = "";
            foreach (var part in header[(space + 1)..].Split(',', StringSplitOptions.TrimEntries))
            {
                if (Value(part, "Credential=") is { } credential) accessKeyId = credential;
                else if (Value(part, "SignedHeaders=") is { } headers) signedHeaders = headers;
                else if (Value(part, "Signature=") is { } hex) signature = hex;
            }
            if (accessKeyId.Length == 0) throw ApiException.Missing("AccessKeyId");
            var bytes = new byte[SHA256.HashSizeInBytes];
            var complete = signature.Length == bytes.Length * 2 && Convert.FromHexString(signature, bytes, out _, out _) == OperationStatus.Done;
            return complete && signedHeaders.Length > 0 ? new(accessKeyId, signedHeaders, bytes) : throw ApiException.IncompleteSignature();
        }

        private static string? Value(string part, string name) => part.StartsWith(name, StringComparison.Ordinal) ? part[name.Length..] : null;
    }
}

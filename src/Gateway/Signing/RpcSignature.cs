using System.Buffers.Text;
using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Signing;

/// <summary>
/// RPC signature 1.0: everything is a parameter, and all parameters of query and form are signed. The string to sign is
/// <c>METHOD&amp;%2F&amp;</c> and the encoded list of the encoded parameters; the path is always <c>/</c>.
/// </summary>
internal static class RpcSignature
{
    /// <summary>Takes the claim from a request.</summary>
    /// <exception cref="ApiException">A common parameter is missing or has not the form of one.</exception>
    public static SignedClaim Read(string method, RequestParameters parameters, RequestFacts facts)
    {
        var accessKeyId = CommonChecks.Required(parameters.Text("AccessKeyId"), "AccessKeyId");
        var signature = CommonChecks.Required(parameters.Text("Signature"), "Signature");
        var signatureMethod = Method(CommonChecks.Required(parameters.Text("SignatureMethod"), "SignatureMethod"));
        if (CommonChecks.Required(parameters.Text("SignatureVersion"), "SignatureVersion") != "1.0")
        {
            throw new ApiException(400, "InvalidSignatureVersion", "Specified parameter SignatureVersion is not valid: use 1.0.");
        }
        if (parameters.TryGet("SignatureType", out _)) throw new ApiException(400, "InvalidSignatureType", "Specified parameter SignatureType is not supported.");
        var nonce = CommonChecks.Nonce(CommonChecks.Required(parameters.Text("SignatureNonce"), "SignatureNonce"));
        var timestamp = CommonChecks.Timestamp(CommonChecks.Required(parameters.Text("Timestamp"), "Timestamp"));
        var token = CommonChecks.SecurityToken(parameters.Text("SecurityToken"));
        accessKeyId = CommonChecks.AccessKeyId(accessKeyId, hasSecurityToken: token is not null);
        var stringToSign = StringToSign(method, parameters);
        return new(accessKeyId, new(signatureMethod, stringToSign, Decode(signature), timestamp, nonce, facts, token), stringToSign);
    }

    /// <summary>The bytes that the signature covers.</summary>
    public static byte[] StringToSign(string method, RequestParameters parameters)
    {
        var length = method.Length + 5;
        var first = true;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (IsSignature(parameters.Name(i))) continue;
            length += (first ? 0 : 3) + TwiceEncodedLength(parameters.Name(i)) + 3 + TwiceEncodedLength(parameters.Value(i));
            first = false;
        }
        var result = new byte[length];
        Write(method, parameters, result);
        return result;
    }

    private static void Write(string method, RequestParameters parameters, Span<byte> rest)
    {
        rest = rest[Encoding.ASCII.GetBytes(method, rest)..];
        rest = Append("&%2F&"u8, rest);
        var first = true;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (IsSignature(parameters.Name(i))) continue;
            if (!first) rest = Append("%26"u8, rest);
            first = false;
            rest = EncodeTwice(parameters.Name(i), rest);
            rest = Append("%3D"u8, rest);
            rest = EncodeTwice(parameters.Value(i), rest);
        }
    }

    private static bool IsSignature(ReadOnlySpan<byte> name) => name.SequenceEqual("Signature"u8);

    private static Span<byte> Append(ReadOnlySpan<byte> text, Span<byte> rest)
    {
        text.CopyTo(rest);
        return rest[text.Length..];
    }

    // Encoding again what is encoded turns each "%" into "%25" and leaves the rest as it is.
    private static int TwiceEncodedLength(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        foreach (var value in text) length += PercentEncoding.Stays(value) ? 0 : 4;
        return length;
    }

    private static Span<byte> EncodeTwice(ReadOnlySpan<byte> text, Span<byte> rest)
    {
        var written = 0;
        foreach (var value in text)
        {
            if (PercentEncoding.Stays(value))
            {
                rest[written++] = value;
                continue;
            }
            "%25"u8.CopyTo(rest[written..]);
            PercentEncoding.WriteHex(value, rest[(written + 3)..]);
            written += 5;
        }
        return rest[written..];
    }

    private static SignatureMethod Method(string name) => name switch
    {
        "HMAC-SHA1" => SignatureMethod.HmacSha1,
        // In the signers of an SDK and never documented; the string and the key are the same.
        "HMAC-SHA256" => SignatureMethod.HmacSha256,
        _ => throw new ApiException(400, "InvalidSignatureMethod", "Specified parameter SignatureMethod is not valid: use HMAC-SHA1 or HMAC-SHA256."),
    };

    private static byte[] Decode(string signature)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(signature.Length)];
        return Convert.TryFromBase64String(signature, bytes, out var written) && written > 0 ? bytes[..written] : throw ApiException.IncompleteSignature();
    }
}

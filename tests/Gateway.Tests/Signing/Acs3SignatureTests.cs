using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Signing;

namespace Orleans.Kms.Gateway.Tests.Signing;

/// <summary>Requests that published clients made with a fixed clock and nonce, and the signatures that they gave.</summary>
public sealed class Acs3SignatureTests
{
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string FormHash = "4b72a5debf4eab9e0172c0c5fc524c7f31d04032205c636f106a858df88e240d";
    private const string Form = "Plaintext=a'(!)*%20b~%E4%B8%AD";
    private const string Plain = "host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version";
    private const string Sts = "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version";

    [Fact]
    public void Parameters_in_the_query() => Assert.Equal(
        "9ef75f980abfe4257a7eb50338871ae39ffc6169ee40679839a843d597e72108",
        Sign(Request("POST", "KeyId=alias%2Fapp%20key*~&Plaintext=SGVsbG8gK1dvcmxkLw%3D%3D", Plain, EmptyHash)));

    [Fact]
    public void A_parameter_in_the_form() => Assert.Equal(
        "e429ad5e06474288971f76f55d671df7c12af5bdcfd091ba19bb4120e7b2d06f",
        Sign(Request("POST", "KeyId=alias%2Fapp%20key*~", "content-type;" + Plain, FormHash, contentType: "application/x-www-form-urlencoded"), Form));

    [Fact]
    public void Temporary_credentials_and_an_empty_parameter() => Assert.Equal(
        "62b9efd62a5f7dc53272f155d2efcc0b6856e39914b7bc7060afb780dba77ced",
        Sign(Request("GET", "PageNumber=1&PageSize=10&Filters=%5B%7B%22Key%22%3A%22KeyState%22%7D%5D&Empty=", Sts, EmptyHash, action: "ListKeys", provider: "static_sts",
            more: [("x-acs-accesskey-id", "STS.testid"), ("x-acs-security-token", "CAIS+tok/en==")])));

    [Theory]
    [InlineData("2023-10-26T10:22:32Z", "3156853299f313e23d1673dc12e1703d", "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")]
    [InlineData("2023-10-26T09:01:01Z", "d410180a5abf7fe235dd9b74aca91fc0", "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804")]
    public void The_vendors_public_example(string date, string nonce, string signature)
    {
        const string signedHeaders = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
        var request = Requests.Http("POST", "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai", null,
            ("host", "ecs.cn-shanghai.aliyuncs.com"), ("x-acs-action", "RunInstances"), ("x-acs-version", "2014-05-26"), ("x-acs-date", date),
            ("x-acs-signature-nonce", nonce), ("x-acs-content-sha256", EmptyHash), ("Authorization", Authorization(signedHeaders, "YourAccessKeyId")));
        Assert.Equal(signature, Sign(request, key: "YourAccessKeySecret"));
    }

    [Fact]
    public void The_canonical_request_is_the_clients_own()
    {
        using var claim = Read(Request("POST", "KeyId=alias%2Fapp%20key*~", "content-type;" + Plain, FormHash, contentType: "application/x-www-form-urlencoded"), Form);
        Assert.Equal(
            $"""
            POST
            /
            KeyId=alias%2Fapp%20key%2A~
            content-type:application/x-www-form-urlencoded
            host:127.0.0.1:18080
            x-acs-action:Encrypt
            x-acs-content-sha256:{FormHash}
            x-acs-credentials-provider:static_ak
            x-acs-date:2024-05-06T07:08:09Z
            x-acs-signature-nonce:0f5b1f0e8b5d4f5c9a0c1d2e3f405162
            x-acs-version:2016-01-20

            content-type;{Plain}
            {FormHash}
            """, Encoding.UTF8.GetString(claim.Canonical));
    }

    [Fact]
    public void Parts_of_the_authorization_come_in_any_order()
    {
        var request = Request("POST", "KeyId=alias%2Fapp%20key*~&Plaintext=SGVsbG8gK1dvcmxkLw%3D%3D", Plain, EmptyHash);
        request.Headers.Authorization = $"ACS3-HMAC-SHA256 Credential=testid, Signature={new string('0', 64)}, SignedHeaders={Plain}";
        Assert.Equal("9ef75f980abfe4257a7eb50338871ae39ffc6169ee40679839a843d597e72108", Sign(request));
    }

    [Fact]
    public void The_port_is_part_of_what_is_signed()
    {
        var request = Request("POST", "KeyId=alias%2Fapp%20key*~&Plaintext=SGVsbG8gK1dvcmxkLw%3D%3D", Plain, EmptyHash);
        request.Headers.Host = "127.0.0.1:18081";
        Assert.NotEqual("9ef75f980abfe4257a7eb50338871ae39ffc6169ee40679839a843d597e72108", Sign(request));
    }

    public static TheoryData<string, string> Removals => new()
    {
        { "host;", "IncompleteSignature" }, { "x-acs-action;", "IncompleteSignature" }, { "x-acs-date;", "IncompleteSignature" }, { "x-acs-signature-nonce;", "IncompleteSignature" },
        { "x-acs-content-sha256;", "IncompleteSignature" }, { "content-type;", "IncompleteSignature" },
    };

    [Theory, MemberData(nameof(Removals))]
    public void Every_header_that_means_something_has_to_be_signed(string removed, string code)
    {
        var signed = ("content-type;" + Plain).Replace(removed, "", StringComparison.Ordinal);
        AssertRefused(Request("POST", "", signed, FormHash, contentType: "application/x-www-form-urlencoded"), code, Form);
    }

    [Fact]
    public void A_body_that_was_changed_is_refused() =>
        AssertRefused(Request("POST", "", "content-type;" + Plain, FormHash, contentType: "application/x-www-form-urlencoded"), "SignatureDoesNotMatch", Form + "x");

    [Theory]
    [InlineData("ACS3-HMAC-SM3 Credential=testid,SignedHeaders=host,Signature=00", "InvalidSignatureMethod")]
    [InlineData("ACS3-HMAC-SHA256", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 SignedHeaders=host,Signature=00", "MissingAccessKeyId")]
    [InlineData("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host,Signature=00", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 Credential=testid,Signature=0000000000000000000000000000000000000000000000000000000000000000", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;host,Signature=0000000000000000000000000000000000000000000000000000000000000000", "IncompleteSignature")]
    public void An_authorization_that_is_none_is_refused(string authorization, string code)
    {
        var request = Request("POST", "", Plain, EmptyHash);
        request.Headers.Authorization = authorization;
        AssertRefused(request, code);
    }

    [Theory]
    [InlineData("x-acs-date", "MissingTimestamp")]
    [InlineData("x-acs-signature-nonce", "MissingSignatureNonce")]
    [InlineData("x-acs-content-sha256", "SignatureDoesNotMatch")]
    public void A_missing_header_is_told(string header, string code)
    {
        var request = Request("POST", "", Plain, EmptyHash);
        request.Headers.Remove(header);
        AssertRefused(request, code);
    }

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(12, "tttttttttttt", null)]
    [InlineData(SignedRequest.MaxSecurityTokenLength + 1, null, "InvalidSecurityToken.Malformed")]
    public void A_security_token_is_handed_on_and_bounded(int length, string? token, string? code)
    {
        var request = Request("POST", "", Sts.Replace("x-acs-accesskey-id;", "", StringComparison.Ordinal), EmptyHash, more: ("x-acs-security-token", new string('t', length)));
        string? handedOn = null;
        var error = Record.Exception(() =>
        {
            using var claim = Read(request);
            handedOn = claim.Request.SecurityToken;
        });
        Assert.Equal((token, code), (handedOn, (error as KmsException)?.ApiCode));
    }

    private static void AssertRefused(HttpRequest request, string code, string body = "") => Assert.Equal(code, Assert.Throws<ApiException>(() => Read(request, body)).Code);

    private static HttpRequest Request(
        string method, string query, string signedHeaders, string bodyHash, string action = "Encrypt", string provider = "static_ak", string? contentType = null,
        params (string, string)[] more) => Requests.Http(method, query, contentType,
        [
            ("host", "127.0.0.1:18080"), ("x-acs-version", "2016-01-20"), ("x-acs-action", action), ("x-acs-date", "2024-05-06T07:08:09Z"),
            ("x-acs-signature-nonce", "0f5b1f0e8b5d4f5c9a0c1d2e3f405162"), ("x-acs-content-sha256", bodyHash), ("x-acs-credentials-provider", provider),
            ("Authorization", Authorization(signedHeaders)), .. more,
        ]);

    private static string Authorization(string signedHeaders, string accessKeyId = "testid") =>
        $"ACS3-HMAC-SHA256 Credential={accessKeyId},SignedHeaders={signedHeaders},Signature={new string('0', 64)}";

    private static SignedClaim Read(HttpRequest request, string body = "")
    {
        using var parameters = Requests.Parameters(request.QueryString.Value!.TrimStart('?'), body);
        return Acs3Signature.Read(request, parameters, Encoding.UTF8.GetBytes(body), Requests.Facts);
    }

    private static string Sign(HttpRequest request, string body = "", string key = "testsecret")
    {
        using var claim = Read(request, body);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), claim.Request.StringToSign));
    }
}

using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Signing;

namespace Orleans.Kms.Gateway.Tests.Signing;

/// <summary>Requests that published clients made with a fixed clock and nonce, and the signatures that they gave.</summary>
public sealed class RpcSignatureTests
{
    private const string Common = "SignatureMethod=HMAC-SHA1&SignatureNonce=0f5b1f0e8b5d4f5c9a0c1d2e3f405162&SignatureVersion=1.0&Timestamp=2024-05-06T07%3A08%3A09Z&Version=2016-01-20";

    // Method, query, form, signature.
    public static TheoryData<string, string, string, string> Vectors => new()
    {
        // pop-core, GET
        { "GET", $"AccessKeyId=testid&Action=ListKeys&Format=JSON&PageNumber=1&PageSize=10&{Common}", "", "P3/KCwxU8nLOriI9cV4lTvF5J2k=" },
        // pop-core, POST, everything in the form
        {
            "POST", "",
            $"AccessKeyId=testid&Action=Encrypt&EncryptionContext=%7B%22k%22%3A%22a%2Bb%20%26%20c%3Dd%20%27%28%21%29~%2A%22%7D&Format=JSON&KeyId=alias%2Fapp%20key%2A~&Plaintext=SGVsbG8gK1dvcmxkLw%3D%3D&{Common}",
            "ihQzZP/YxjEv9CoZyYrhhDzXZQU="
        },
        // pop-core, UTF-8 and temporary credentials
        {
            "POST", "",
            $"AccessKeyId=STS.testid&Action=CreateKey&Description=%E5%AF%86%E9%92%A5%20%C3%A9%20%F0%9F%98%80&Format=JSON&SecurityToken=CAIS%2Btok%2Fen%3D%3D&{Common}",
            "+fgUdyE6QgLPfLU14g/ZsXM3cqA="
        },
        // kms20160120: everything in the query, loosely encoded, context flattened
        {
            "POST",
            "Action=Encrypt&Format=json&Timestamp=2024-05-06T07%3A08%3A09Z&Version=2016-01-20&SignatureNonce=0f5b1f0e8b5d4f5c9a0c1d2e3f405162&KeyId=alias%2Fapp%20key*~&Plaintext=SGVsbG8gK1dvcmxkLw%3D%3D&EncryptionContext.a=b%20c&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=testid",
            "", "NcKnqlT3m2sjZCAEq7rHRxC78lo="
        },
        // openapi-client v2: common parameters in the query, the action's own in the form
        {
            "POST",
            "Action=Encrypt&Format=json&Version=2016-01-20&Timestamp=2024-05-06T07%3A08%3A09Z&SignatureNonce=0f5b1f0e8b5d4f5c9a0c1d2e3f405162&KeyId=alias%2Fapp%20key*~&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=testid",
            "Plaintext=a'(!)*%20b~%E4%B8%AD", "n6O8sE9QooUzeNY9/2vfSPYue+o="
        },
        // HMAC-SHA256
        { "GET", $"AccessKeyId=testid&Action=ListKeys&Format=JSON&PageNumber=1&PageSize=10&{Common.Replace("SHA1", "SHA256", StringComparison.Ordinal)}", "", "eSJfIfanAu28DzG0ffaLScGDtTx0rLc4VnrlCez4l44=" },
        // an empty value
        { "POST", $"AccessKeyId=testid&Action=CreateKey&Format=JSON&Description=%E5%AF%86%E9%92%A5%20%C3%A9%20%F0%9F%98%80&a=&{Common}", "", "L3VW2UQe0RRFlVWsSJtgEh2OyNI=" },
        // the .NET client on the wire: "+" for a space, mixed case of hexadecimal digits
        {
            "POST",
            "Format=JSON&Version=2016-01-20&Action=Encrypt&KeyId=k%27(!)*+b~%2b%E4%B8%AD&Timestamp=2026-11-23T17%3a34%3a39Z&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=3523dc3c-f6a9-44ba-ab9f-f9c643accf42&AccessKeyId=testid&RegionId=cn-hangzhou",
            "Plaintext=a%27(!)*+b%7e%2b%e4%b8%ad", "GhGhIpouR8Iq+zM55T27iOBYqqo="
        },
        // the ECS manual
        {
            "GET",
            "Action=DescribeRegions&Format=XML&Version=2014-05-26&AccessKeyId=testid&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Timestamp=2016-02-23T12%3A46%3A24Z",
            "", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="
        },
    };

    [Theory, MemberData(nameof(Vectors))]
    public void Signatures_of_published_clients_match(string method, string query, string form, string signature) => Assert.Equal(signature, Sign(method, query, form));

    [Fact]
    public void The_kms_manuals_signature_without_a_nonce_matches()
    {
        const string query = "Action=CreateKey&Format=json&Version=2016-01-20&AccessKeyId=testid&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&Timestamp=2016-03-28T03%3A13%3A08Z";
        using var parameters = Requests.Parameters(query);
        Assert.Equal("41wk2SSX1GJh7fwnc5eqOfiJPFg=", Convert.ToBase64String(HMACSHA1.HashData("testsecret&"u8, RpcSignature.StringToSign("GET", parameters))));
    }

    [Fact]
    public void The_string_to_sign_is_the_clients_own()
    {
        using var parameters = Requests.Parameters($"AccessKeyId=testid&Action=ListKeys&Format=JSON&PageNumber=1&PageSize=10&{Common}&Signature=x");
        Assert.Equal(
            "GET&%2F&AccessKeyId%3Dtestid%26Action%3DListKeys%26Format%3DJSON%26PageNumber%3D1%26PageSize%3D10%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0f5b1f0e8b5d4f5c9a0c1d2e3f405162%26SignatureVersion%3D1.0%26Timestamp%3D2024-05-06T07%253A08%253A09Z%26Version%3D2016-01-20",
            Encoding.ASCII.GetString(RpcSignature.StringToSign("GET", parameters)));
    }

    [Fact]
    public void Every_changed_character_of_a_value_changes_the_signature()
    {
        var query = $"AccessKeyId=testid&Action=ListKeys&Format=JSON&PageNumber=1&PageSize=10&{Common}";
        for (var i = 0; i < query.Length; i++)
        {
            // Letters and digits only: other characters are the query's own punctuation. Those of the time and the method have their own checks.
            if (!char.IsAsciiLetterOrDigit(query[i])) continue;
            var changed = query[..i] + (query[i] == '0' ? '1' : '0') + query[(i + 1)..];
            string? signature = null;
            if (Record.Exception(() => signature = Sign("GET", changed, "")) is not null) continue;
            Assert.NotEqual("P3/KCwxU8nLOriI9cV4lTvF5J2k=", signature);
        }
        Assert.NotEqual("P3/KCwxU8nLOriI9cV4lTvF5J2k=", Sign("POST", query, ""));
    }

    [Theory]
    [InlineData("AccessKeyId", "MissingAccessKeyId")]
    [InlineData("Signature", "MissingSignature")]
    [InlineData("SignatureMethod", "MissingSignatureMethod")]
    [InlineData("SignatureVersion", "MissingSignatureVersion")]
    [InlineData("SignatureNonce", "MissingSignatureNonce")]
    [InlineData("Timestamp", "MissingTimestamp")]
    public void A_missing_common_parameter_is_named(string name, string code)
    {
        var all = $"AccessKeyId=testid&Signature=eA%3D%3D&{Common}".Split('&').Where(p => !p.StartsWith(name + "=", StringComparison.Ordinal));
        AssertRefused(string.Join('&', all), code);
    }

    [Theory]
    [InlineData("SignatureMethod=HMAC-SHA1", "SignatureMethod=SHA256withRSA", "InvalidSignatureMethod")]
    [InlineData("SignatureVersion=1.0", "SignatureVersion=2.0", "InvalidSignatureVersion")]
    [InlineData("Timestamp=2024-05-06T07%3A08%3A09Z", "Timestamp=2024-05-06", "InvalidTimeStamp.Format")]
    [InlineData("Timestamp=2024-05-06T07%3A08%3A09Z", "Timestamp=2024-05-06T07%3A08%3A09%2B08%3A00", "InvalidTimeStamp.Format")]
    [InlineData("Signature=eA%3D%3D", "Signature=%21", "IncompleteSignature")]
    [InlineData("AccessKeyId=testid", "AccessKeyId=STS.testid", "MissingSecurityToken")]
    [InlineData("Version=2016-01-20", "Version=2016-01-20&SignatureType=BEARERTOKEN", "InvalidSignatureType")]
    public void A_malformed_common_parameter_is_refused(string part, string instead, string code) =>
        AssertRefused($"AccessKeyId=testid&Signature=eA%3D%3D&{Common}".Replace(part, instead, StringComparison.Ordinal), code);

    [Fact]
    public void An_access_key_id_that_cannot_be_one_is_not_found()
    {
        using var parameters = Requests.Parameters($"AccessKeyId=a%2Fb&Signature=eA%3D%3D&{Common}");
        Assert.Equal(KmsErrorCode.AccessKeyNotFound, Assert.Throws<KmsException>(() => RpcSignature.Read("GET", parameters, Requests.Facts)).Code);
    }

    [Fact]
    public void An_empty_signature_type_is_as_good_as_none()
    {
        using var parameters = Requests.Parameters($"AccessKeyId=testid&Signature=eA%3D%3D&SignatureType=&{Common}");
        using var claim = RpcSignature.Read("GET", parameters, Requests.Facts);
        Assert.Equal(("testid", "0f5b1f0e8b5d4f5c9a0c1d2e3f405162"), (claim.AccessKeyId, claim.Request.Nonce));
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), claim.Request.Timestamp);
    }

    [Theory, InlineData("testid"), InlineData("STS.testid")]
    public void A_security_token_is_handed_on_whoever_sends_it(string accessKeyId)
    {
        using var parameters = Requests.Parameters($"AccessKeyId={accessKeyId}&Signature=eA%3D%3D&{Common}", "SecurityToken=CAIS%2Btok%2Fen%3D%3D");
        using var claim = RpcSignature.Read("POST", parameters, Requests.Facts);
        Assert.Equal((accessKeyId, "CAIS+tok/en=="), (claim.AccessKeyId, claim.Request.SecurityToken));
    }

    [Fact]
    public void An_empty_security_token_is_none()
    {
        using var parameters = Requests.Parameters($"AccessKeyId=testid&Signature=eA%3D%3D&SecurityToken=&{Common}");
        using var claim = RpcSignature.Read("GET", parameters, Requests.Facts);
        Assert.Null(claim.Request.SecurityToken);
    }

    [Theory, InlineData(SignedRequest.MaxSecurityTokenLength, null), InlineData(SignedRequest.MaxSecurityTokenLength + 1, "InvalidSecurityToken.Malformed")]
    public void The_length_of_a_security_token_is_bounded(int length, string? code)
    {
        using var parameters = Requests.Parameters($"AccessKeyId=STS.testid&Signature=eA%3D%3D&SecurityToken={new string('t', length)}&{Common}");
        var error = Record.Exception(() => RpcSignature.Read("GET", parameters, Requests.Facts).Dispose());
        Assert.Equal(code, (error as KmsException)?.ApiCode);
    }

    private static void AssertRefused(string query, string code)
    {
        using var parameters = Requests.Parameters(query);
        var error = Assert.Throws<ApiException>(() => RpcSignature.Read("GET", parameters, Requests.Facts));
        Assert.Equal((400, code), (error.Status, error.Code));
    }

    private static string Sign(string method, string query, string form)
    {
        using var parameters = Requests.Parameters(query + "&Signature=eA%3D%3D", form);
        using var claim = RpcSignature.Read(method, parameters, Requests.Facts);
        return Convert.ToBase64String(claim.Request.Method == SignatureMethod.HmacSha1
            ? HMACSHA1.HashData("testsecret&"u8, claim.Request.StringToSign)
            : HMACSHA256.HashData("testsecret&"u8, claim.Request.StringToSign));
    }
}

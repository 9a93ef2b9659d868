using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Orleans.Kms.Access;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Signing;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Micro;

/// <summary>What one RPC-signed Encrypt costs before it is known to be genuine: parse, put the string to sign together, check the HMAC.</summary>
[MemoryDiagnoser]
public class SignatureBenchmarks : IDisposable
{
    private readonly byte[] _form = Encoding.ASCII.GetBytes(
        "AccessKeyId=LTAI00000000000000000000&Action=Encrypt&EncryptionContext=%7B%22order%22%3A%2242%22%7D&Format=JSON&KeyId=1234abcd-12ab-34cd-56ef-1234567890ab" +
        "&Plaintext=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&SignatureMethod=HMAC-SHA1&SignatureNonce=0f5b1f0e8b5d4f5c9a0c1d2e3f405162&SignatureVersion=1.0" +
        "&Timestamp=2026-05-06T07%3A08%3A09Z&Version=2016-01-20&Signature=ihQzZP%2FYxjEv9CoZyYrhhDzXZQU%3D");
    private static readonly RequestFacts Facts = new("id", "127.0.0.1", "", "", false);

    private readonly byte[] _secret = "000000000000000000000000000000&"u8.ToArray();
    private readonly RequestVerifier _verifier = new("000000000000000000000000000000"u8.ToArray());
    private readonly byte[] _stringToSign;

    public SignatureBenchmarks()
    {
        using var parameters = Parse();
        _stringToSign = RpcSignature.StringToSign("POST", parameters);
    }

    [Benchmark(Baseline = true)]
    [SuppressMessage("Security", "CA5350", Justification = "The API's signature 1.0 is HMAC-SHA1.")]
    public byte[] HmacAlone() => HMACSHA1.HashData(_secret, _stringToSign);

    [Benchmark]
    public int ParseForm()
    {
        using var parameters = Parse();
        return parameters.Count;
    }

    [Benchmark]
    public bool ParseAndVerify()
    {
        using var parameters = Parse();
        using var claim = RpcSignature.Read("POST", parameters, Facts);
        return _verifier.Matches(claim.Request);
    }

    public void Dispose()
    {
        _verifier.Dispose();
        GC.SuppressFinalize(this);
    }

    private RequestParameters Parse()
    {
        var parameters = new RequestParameters(_form.Length);
        parameters.AddEncoded(_form, fromQuery: false);
        parameters.Complete();
        return parameters;
    }
}

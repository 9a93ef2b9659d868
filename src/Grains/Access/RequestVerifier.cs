using System.Security.Cryptography;
using Orleans.Kms.Access;

namespace Orleans.Kms.Grains.Access;

/// <summary>Checks signatures made with one access key secret. Not thread safe: it belongs to an access key grain.</summary>
internal sealed class RequestVerifier : IDisposable
{
    private readonly IncrementalHash _rpcSha1;
    private readonly IncrementalHash _rpcSha256;
    private readonly IncrementalHash _acs3;

    /// <param name="secret">The access key secret. Wiped here: the hashes keep the only copies and wipe them when disposed.</param>
    public RequestVerifier(byte[] secret)
    {
        byte[] rpcKey = [.. secret, (byte)'&'];
        try
        {
            _rpcSha1 = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, rpcKey);
            _rpcSha256 = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, rpcKey);
            _acs3 = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rpcKey);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Whether the signature is the one that the secret gives. Compared in constant time.</summary>
    public bool Matches(SignedRequest request)
    {
        var hash = request.Method switch
        {
            SignatureMethod.HmacSha1 => _rpcSha1,
            SignatureMethod.HmacSha256 => _rpcSha256,
            SignatureMethod.Acs3HmacSha256 => _acs3,
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };
        Span<byte> expected = stackalloc byte[hash.HashLengthInBytes];
        hash.AppendData(request.StringToSign);
        hash.GetHashAndReset(expected);
        return CryptographicOperations.FixedTimeEquals(expected, request.Signature);
    }

    public void Dispose()
    {
        _rpcSha1.Dispose();
        _rpcSha256.Dispose();
        _acs3.Dispose();
    }
}

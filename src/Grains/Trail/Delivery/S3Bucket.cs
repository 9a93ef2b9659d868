using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>A bucket of a store that speaks S3.</summary>
internal sealed class S3Bucket(BucketOptions options) : IBucket, IDisposable
{
    private const int MaxCodeLength = 64;

    private readonly Lock _lock = new();
    private AmazonS3Client? _client;
    private string _secret = "";

    public async Task Write(string name, byte[] content, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(content, writable: false);
        var request = new PutObjectRequest
        {
            BucketName = options.Name,
            Key = name,
            InputStream = stream,
            ContentType = "application/gzip",
            // Understood by every store; stores that lock objects insist on it.
            MD5Digest = Md5(content),
            // One plain body, signed: what the cloud's own store takes beyond that others do not.
            UseChunkEncoding = false,
            AutoCloseStream = false,
        };
        try { await Client().PutObjectAsync(request, cancellation); }
        catch (AmazonServiceException e) { throw new BucketException(FormattableString.Invariant($"The store of the bucket refused the object ({(int)e.StatusCode} {Begin(e.ErrorCode)})."), e); }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new BucketException($"The store of the bucket cannot be reached ({e.GetType().Name}).", e);
        }
    }

    public void Dispose() => _client?.Dispose();

    // The secret may be exchanged while the service runs. A client that is not used any more still ends what it does.
    private AmazonS3Client Client()
    {
        var secret = Encoding.UTF8.GetString(File.ReadAllBytes(options.AccessKeySecretFile)).TrimEnd('\r', '\n');
        // As long as it is being exchanged, for instance.
        if (secret.Length == 0) throw new BucketException("The access key of the bucket has no secret.");
        lock (_lock)
        {
            if (_client is not null && secret == _secret) return _client;
            _secret = secret;
            return _client = new(new BasicAWSCredentials(options.AccessKeyId, secret), Config());
        }
    }

    private AmazonS3Config Config() => new()
    {
        ServiceURL = options.Endpoint,
        AuthenticationRegion = options.Region,
        ForcePathStyle = options.PathStyle,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        // The delivery tries again by itself.
        MaxErrorRetry = 0,
        // Likewise.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static string Begin(string? code) => code is { Length: > MaxCodeLength } ? code[..MaxCodeLength] : code ?? "";

#pragma warning disable CA5351 // Not for security: the protocol's own checksum.
    private static string Md5(byte[] content) => Convert.ToBase64String(MD5.HashData(content));
#pragma warning restore CA5351
}

using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>One bucket, an element of <c>Kms:Trail:Buckets</c>: a folder, or a bucket of a store that speaks S3.</summary>
internal sealed class BucketOptions
{
    /// <summary>What trails call it; at an S3 store it has the same name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The folder, which has to be there.</summary>
    public string Folder { get; set; } = "";

    /// <summary>The URL of the S3 store, for example <c>https://s3.example.com:9000</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The region that requests are signed for. Default <c>us-east-1</c>, which stores without regions expect.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The access key at the store.</summary>
    public string AccessKeyId { get; set; } = "";

    /// <summary>The file with the access key's secret: it must show in neither environment nor command line. It is read anew for every object.</summary>
    public string AccessKeySecretFile { get; set; } = "";

    /// <summary>Whether the bucket's name is in the path of a URL and not in its host. Default true.</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>The accounts, 16 digits each, whose trails may deliver to it: for others it is not there. Default none, which is every account.</summary>
    public IReadOnlyList<string> Accounts { get; set; } = [];

    /// <summary>What is wrong with it.</summary>
    public IEnumerable<string> Faults()
    {
        var place = $"Kms:Trail:Buckets '{Name}'";
        if (!TrailNames.IsBucket(Name)) yield return $"{place}: Name has 3 to 63 lower-case letters, digits and hyphens, and begins with a letter or digit";
        if (Folder.Length > 0 == Endpoint.Length > 0) yield return $"{place}: set either Folder or Endpoint";
        if (Folder.Length > 0 && !Path.IsPathFullyQualified(Folder)) yield return $"{place}: Folder is a full path";
        foreach (var id in Accounts.Where(id => id.Length != 16 || !id.All(char.IsAsciiDigit))) yield return $"{place}: Accounts has '{id}', which is not 16 digits";
        if (Endpoint.Length == 0) yield break;
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) yield return $"{place}: Endpoint is a URL of http or https";
        if (AccessKeyId.Length == 0) yield return $"{place}: AccessKeyId is needed";
        if (!File.Exists(AccessKeySecretFile)) yield return $"{place}: AccessKeySecretFile names no file";
    }
}

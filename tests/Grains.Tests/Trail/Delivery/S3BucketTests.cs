using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Grains.Tests.Trail.Delivery;

public sealed class S3BucketTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("kms-s3-");
    private readonly S3Store _store = S3Store.Open();

    private string SecretFile => Path.Combine(_root.FullName, "secret");

    public Task InitializeAsync() => File.WriteAllTextAsync(SecretFile, S3Store.Secret);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Theory]
    [InlineData("", "The access key of the bucket has no secret.")]
    [InlineData("\n", "The access key of the bucket has no secret.")]
    [InlineData(null, "The store of the bucket cannot be reached (FileNotFoundException).")]
    public async Task A_secret_that_is_away_for_a_moment_is_tried_again(string? content, string reason)
    {
        using var bucket = Bucket();
        if (content is null) File.Delete(SecretFile);
        else await File.WriteAllTextAsync(SecretFile, content);
        Assert.Equal(reason, (await Assert.ThrowsAsync<BucketException>(() => bucket.Write("a.gz", [1], CancellationToken.None))).Message);
        await File.WriteAllTextAsync(SecretFile, S3Store.Secret);
        await bucket.Write("a.gz", [1], CancellationToken.None);
        Assert.Equal([1], _store.Objects["/store/a.gz"]);
    }

    [Fact]
    public async Task An_answer_that_is_no_store_s_is_a_bucket_that_cannot_be_written()
    {
        using var bucket = Bucket();
        _store.Mood = StoreMood.Elsewhere;
        Assert.Contains("502", (await Assert.ThrowsAsync<BucketException>(() => bucket.Write("a.gz", [1], CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    private S3Bucket Bucket() => new(new() { Name = "store", Endpoint = _store.Endpoint, AccessKeyId = S3Store.AccessKeyId, AccessKeySecretFile = SecretFile });
}

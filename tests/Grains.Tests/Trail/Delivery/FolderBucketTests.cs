using System.Diagnostics;
using Orleans.Kms.Grains.Trail.Delivery;

namespace Orleans.Kms.Grains.Tests.Trail.Delivery;

public sealed class FolderBucketTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("kms-bucket-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task An_object_is_a_file_and_nothing_else_is_left()
    {
        using var bucket = new FolderBucket(_root.FullName);
        await bucket.Write("a/b//c.gz", [1, 2, 3], CancellationToken.None);
        await bucket.Write("a/b/c.gz", [1, 2, 4], CancellationToken.None);
        var file = Assert.Single(_root.GetFiles("*", SearchOption.AllDirectories));
        Assert.Equal(Path.Combine(_root.FullName, "a/b/c.gz"), file.FullName);
        Assert.Equal([1, 2, 4], await File.ReadAllBytesAsync(file.FullName));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_made()
    {
        var path = Path.Combine(_root.FullName, "unmounted");
        using var bucket = new FolderBucket(path);
        var failure = await Assert.ThrowsAsync<BucketException>(() => bucket.Write("a/b.gz", [1], CancellationToken.None));
        Assert.DoesNotContain(_root.FullName, failure.Message, StringComparison.Ordinal);
        Assert.Contains(path, failure.InnerException!.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task What_cannot_be_written_is_told()
    {
        using var bucket = new FolderBucket(_root.FullName);
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "a"), "in the way");
        await Assert.ThrowsAsync<BucketException>(() => bucket.Write("a/b.gz", [1], CancellationToken.None));
    }

    // A named pipe that nobody reads: to open it for writing waits for ever, as a file system does that is gone.
    [Fact]
    public async Task Folders_that_hang_take_four_threads_and_no_more()
    {
        using var bucket = new FolderBucket(_root.FullName);
        var pipes = Enumerable.Range(0, 4).Select(i => Path.Combine(_root.FullName, $".{i}.gz.new")).ToArray();
        foreach (var pipe in pipes) await Pipe(pipe);
        using var patience = new CancellationTokenSource();
        var writes = Enumerable.Range(0, 4).Select(i => bucket.Write($"{i}.gz", [1], patience.Token)).ToArray();
        var fifth = bucket.Write("5.gz", [1], patience.Token);
        await patience.CancelAsync();
        foreach (var write in writes.Append(fifth)) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        // They go on once somebody reads, and then there is room again.
        foreach (var pipe in pipes) await File.ReadAllBytesAsync(pipe);
        await bucket.Write("5.gz", [1], CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(_root.FullName, "5.gz")));
    }

    private static async Task Pipe(string path)
    {
        using var process = Process.Start("mkfifo", path);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
